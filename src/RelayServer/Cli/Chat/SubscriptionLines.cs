using RelayServer.Client.Services;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Cli.Chat;

/// <summary>Reads what comes after <c>/subscribe</c>, <c>/renew</c>, <c>/unsubscribe</c>, <c>/invite</c> and <c>/uninvite</c>.</summary>
internal static class SubscriptionLines
{
    /// <summary>A topic, subjects, and for how long.</summary>
    public static ChatAction? Subscribe(string rest)
    {
        if (CommandWords.Split(rest, int.MaxValue, out List<string> words) is { } problem)
        {
            return ChatAction.Wrong(problem);
        }

        if (words.Count == 0)
        {
            return null;
        }

        if (!TopicName.IsValid(words[0]))
        {
            return NoTopic(words[0]);
        }

        List<string> subjects = [.. words.Skip(1).Select(ComposedForm.Of)];
        return SubscriptionWords.TakeTime(subjects, (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), out ulong end) is { } wrong
            ? ChatAction.Wrong(wrong)
            : ChatAction.Change(RoomControl.Subscribe(words[0], subjects, end));
    }

    /// <summary>A topic, and for how long.</summary>
    public static ChatAction? Renew(string rest)
    {
        string[] words = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not ([_] or [_, SubscriptionWords.TimeWord, _]))
        {
            return null;
        }

        if (!TopicName.IsValid(words[0]))
        {
            return NoTopic(words[0]);
        }

        uint seconds = 0;
        return words.Length > 1 && !Duration.TryParseSeconds(words[^1], out seconds)
            ? NoTime(words[^1])
            : new ChatAction(ChatActionKind.Renew) { Text = words[0], Seconds = words.Length > 1 ? seconds : null };
    }

    /// <summary>A topic.</summary>
    public static ChatAction? Unsubscribe(string rest) =>
        rest.Length == 0 ? null : TopicName.IsValid(rest) ? ChatAction.Change(RoomControl.Unsubscribe(rest)) : NoTopic(rest);

    /// <summary>A service.</summary>
    public static ChatAction? Invite(string rest, bool isInvited) =>
        rest.Length == 0 ? null
        : ServiceName.IsValid(rest) ? ChatAction.Change(RoomControl.Invite(rest, isInvited))
        : ChatAction.Wrong($"'{rest}' is no service; /services lists them");

    private static ChatAction NoTime(string word) => ChatAction.Wrong(Duration.Refusal(word));

    private static ChatAction NoTopic(string word) =>
        ChatAction.Wrong($"'{word}' is no topic: one is written SERVICE.TOPIC, such as news.headlines, and /help SERVICE lists those of a service");
}
