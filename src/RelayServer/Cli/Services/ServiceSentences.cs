using RelayServer.Cli.Chat;
using RelayServer.Cli.Connections;
using RelayServer.Cli.Rooms;
using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.Cli.Services;

/// <summary>What there is of services, and what goes wrong with them, in the words of people. Nothing of it is safe for a terminal yet.</summary>
internal static class ServiceSentences
{
    private const string UncertainFate = "; it may or may not have been done";

    /// <summary>A service, a verb, a topic or a subject in a line.</summary>
    /// <param name="line">What a menu says.</param>
    /// <param name="service">Of a verb, whose it is.</param>
    public static string Of(MenuLine line, string service) => line.Kind switch
    {
        MenuKind.Service => $"/{line.Name}: {WithDescription(line)}{(line.IsChosen ? " (let in)" : string.Empty)}{(line.IsAvailable ? string.Empty : " (away)")}",
        MenuKind.Verb => $"/{service} {line.Title}{Aside(line.Description)}{(line.AnswersRoom ? " (everybody sees it)" : string.Empty)}",
        MenuKind.Topic => $"topic {line.Name}{Aside(line.Title)}{(line.IsOpen ? " (any subject)" : string.Empty)}{(line.IsChosen ? " (subscribed)" : string.Empty)}",
        _ => $"{line.Name}{(line.Title == line.Name ? string.Empty : Aside(line.Title))}{(line.IsChosen ? " (subscribed)" : string.Empty)}",
    };

    /// <summary>A subscription in a line.</summary>
    public static string Of(TopicSubscription subscription, DateTimeOffset now)
    {
        string subjects = subscription.Subjects.Count == 0 ? "all subjects" : string.Join(", ", subscription.Subjects);
        string until = subscription.ExpiresAt is { } end ? $"until {ChatFormat.When(end, now)}" : "for good";
        return $"{subscription.Topic} ({subjects}) {until}{(subscription.By.Length > 0 ? $", by {subscription.By}" : string.Empty)}";
    }

    /// <summary>Why a command was not done. The number of the code says nothing to who asked a service.</summary>
    /// <param name="e">The refusal.</param>
    /// <param name="service">Whose command it was.</param>
    public static string Refusal(RelayException e, string service) => e.Code switch
    {
        ErrorCode.ServiceTimeout or ErrorCode.InternalError or ErrorCode.Unavailable or ErrorCode.None => e.Text + UncertainFate,
        ErrorCode.ConsentRequired => $"{e.Text}: 'relay consent grant {service}' does, for a chat that is opened after it",
        _ => e.Text,
    };

    /// <summary>What stands in the way of a command of <c>relay</c> about services, and what to do about it.</summary>
    /// <param name="e">The refusal.</param>
    /// <param name="room">The room that it is about; null for none.</param>
    public static string Advise(RelayException e, string? room) => e.Code switch
    {
        ErrorCode.UnknownService => $"{e.Message}; 'relay service list' shows those that there are",
        ErrorCode.ServiceTimeout or ErrorCode.InternalError or ErrorCode.Unavailable => e.Message + UncertainFate,
        ErrorCode.ConsentRequired => $"{e.Message}: 'relay consent grant SERVICE' does",
        ErrorCode.BadArgument when e.Message.Contains(CommandText.ItemWord, StringComparison.Ordinal) => $"{e.Message}; --item ID says which",
        ErrorCode.BadChannelName when room is null => "this relay has no inboxes: it does not know services",
        ErrorCode.Forbidden when room is not null => $"{room}: {e.Message}",
        _ => ConnectionAdvice.For(e),
    };

    private static string WithDescription(MenuLine line) =>
        line.Description.Length > 0 ? $"{line.Title}. {RoomSentences.OneLine(line.Description)}" : line.Title;

    private static string Aside(string text) => text.Length > 0 ? $": {RoomSentences.OneLine(text)}" : string.Empty;
}
