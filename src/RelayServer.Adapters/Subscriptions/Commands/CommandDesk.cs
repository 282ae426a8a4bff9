using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using RelayServer.Adapters.Subscriptions.Feeds;
using RelayServer.Adapters.Subscriptions.Storage;
using RelayServer.Client.Services;
using RelayServer.Storage;

namespace RelayServer.Adapters.Subscriptions.Commands;

/// <summary>Does what people tell a service. Repeated commands are done once: the store knows their keys.</summary>
internal sealed class CommandDesk(
    string service, ItemStore items, ResponseStore responses, Action changed, SubscriptionsOptions options, SubscriptionsMetrics metrics, ILogger logger)
{
    private const int LatestDefault = 5;
    internal const int CommentsShown = 20;
    private const int TextBytesMax = 4000;
    private const int ShownTitleMax = 120;

    /// <summary>Does it; a refusal is a result, too.</summary>
    public async ValueTask<ServiceResult> HandleAsync(ServiceCommand command, CancellationToken cancellationToken)
    {
        Wording wording = Wordings.Of(command.Locale);
        ServiceResult result;
        try
        {
            result = await DoAsync(command, wording, cancellationToken).ConfigureAwait(false);
        }
        catch (DatabaseException problem)
        {
            SubscriptionsLog.StoreFailed(logger, service, problem.Message);
            result = ServiceResult.Refused(wording.NotNow);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // The caller is told that it failed; the operator what. Its message may hold words of the user's.
            SubscriptionsLog.CommandFailed(logger, service, command.Verb, problem.GetType().Name);
            throw;
        }

        metrics.Commanded(service, Verbs.All.Any(verb => verb.Name == command.Verb) ? command.Verb : "unknown", result.IsRefused);
        return result;
    }

    private static string Say(string pattern, params object[] values) => string.Format(CultureInfo.InvariantCulture, pattern, values);

    private static string Shown(StoredItem item) => FeedText.Cut(item.Title, ShownTitleMax);

    private Task<ServiceResult> DoAsync(ServiceCommand command, Wording wording, CancellationToken cancellationToken)
    {
        switch (command.Verb)
        {
            case Verbs.Latest:
                return LatestAsync(command, wording, cancellationToken);
            case Verbs.Search:
                return SearchAsync(command, wording, cancellationToken);
        }

        bool isKnown = Verbs.All.Any(verb => verb.Name == command.Verb);
        if (!isKnown || string.IsNullOrEmpty(command.Item))
        {
            return Task.FromResult(ServiceResult.Refused(isKnown ? wording.NeedsItem : Say(wording.UnknownVerb, command.Verb)));
        }

        if (!ItemNames.IsName(command.Item))
        {
            return Task.FromResult(ServiceResult.Refused(wording.ItemGone));
        }

        return command.Verb switch
        {
            Verbs.Like => LikeAsync(command, wording, isLiked: true, cancellationToken),
            Verbs.Unlike => LikeAsync(command, wording, isLiked: false, cancellationToken),
            Verbs.Comment => CommentAsync(command, wording, cancellationToken),
            Verbs.Comments => CommentsAsync(command, wording, cancellationToken),
            _ => ShareAsync(command, wording, cancellationToken),
        };
    }

    private async Task<ServiceResult> LatestAsync(ServiceCommand command, Wording wording, CancellationToken cancellationToken)
    {
        int count = LatestDefault;
        bool isNumber = command.Arguments.Count == 0
            || int.TryParse(command.Arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out count);
        if (!isNumber || count is < 1 or > ItemStore.PageMax)
        {
            return ServiceResult.Refused(Say(wording.BadCount, ItemStore.PageMax));
        }

        return List(await items.LatestAsync(count, cancellationToken).ConfigureAwait(false), wording, wording.NothingYet);
    }

    private async Task<ServiceResult> SearchAsync(ServiceCommand command, Wording wording, CancellationToken cancellationToken)
    {
        string words = FeedText.Line(string.Join(' ', command.Arguments), FeedLimits.TitleBytesMax);
        return words.Length == 0
            ? ServiceResult.Refused(wording.NoText)
            : List(await items.SearchAsync(words, LatestDefault, cancellationToken).ConfigureAwait(false), wording, Say(wording.NothingFound, words));
    }

    private async Task<ServiceResult> LikeAsync(ServiceCommand command, Wording wording, bool isLiked, CancellationToken cancellationToken)
    {
        LikeOutcome outcome = await responses.LikeAsync(
            command.Item!, command.Subject, command.Key, isLiked, command.Room, cancellationToken).ConfigureAwait(false);
        if (outcome.IsChange && command.Room is not null)
        {
            changed();
        }

        string pattern = isLiked
            ? outcome.IsChange ? wording.Liked : wording.LikedAlready
            : outcome.IsChange ? wording.Unliked : wording.NotLiked;
        return outcome switch
        {
            { Item: null } => ServiceResult.Refused(wording.ItemGone),
            { IsFull: true } => ServiceResult.Refused(Say(wording.TooManyLikes, options.LikesPerItemMax)),
            _ => ServiceResult.Of(Say(pattern, Shown(outcome.Item), outcome.Likes)),
        };
    }

    private async Task<ServiceResult> CommentAsync(ServiceCommand command, Wording wording, CancellationToken cancellationToken)
    {
        string written = string.Join(' ', command.Arguments);
        string text = FeedText.Lines(written, TextBytesMax);
        if (text.Length == 0)
        {
            return ServiceResult.Refused(wording.NoText);
        }

        if (Encoding.UTF8.GetByteCount(written) > options.CommentBytesMax)
        {
            return ServiceResult.Refused(Say(wording.TooLong, options.CommentBytesMax, Encoding.UTF8.GetByteCount(written)));
        }

        CommentOutcome outcome = await responses.CommentAsync(command.Item!, command.Subject, command.Key, text, cancellationToken).ConfigureAwait(false);
        return outcome switch
        {
            { Item: null } => ServiceResult.Refused(wording.ItemGone),
            { IsFull: true } => ServiceResult.Refused(Say(wording.TooManyComments, options.CommentsPerItemMax)),
            { IsFullForUser: true } => ServiceResult.Refused(Say(wording.TooManyOwnComments, options.CommentsPerUserMax)),
            _ => ServiceResult.Of(Say(wording.Commented, Shown(outcome.Item), text)),
        };
    }

    private async Task<ServiceResult> CommentsAsync(ServiceCommand command, Wording wording, CancellationToken cancellationToken)
    {
        if (await items.FindAsync(command.Item!, cancellationToken).ConfigureAwait(false) is not { } item)
        {
            return ServiceResult.Refused(wording.ItemGone);
        }

        IReadOnlyList<StoredComment> comments = await responses.CommentsAsync(item.Item, CommentsShown, cancellationToken).ConfigureAwait(false);
        if (comments.Count == 0)
        {
            return ServiceResult.Of(Say(wording.NoComments, Shown(item)));
        }

        // Of many long ones the last are shown: the beginning is what gives way.
        List<string> lines = [];
        int left = TextBytesMax - ShownTitleMax - Encoding.UTF8.GetByteCount(wording.Comments);
        foreach (StoredComment comment in comments.Reverse())
        {
            string line = Say(comment.Subject == command.Subject ? wording.OwnCommentLine : wording.CommentLine, comment.Number, comment.Text);
            left -= Encoding.UTF8.GetByteCount(line) + 1;
            if (left < 0)
            {
                break;
            }

            lines.Insert(0, line);
        }

        return ServiceResult.Of(string.Join('\n', lines.Prepend(Say(wording.Comments, Shown(item)))));
    }

    // The room is told by the relay, as something that the caller says there: so only where he may speak.
    private async Task<ServiceResult> ShareAsync(ServiceCommand command, Wording wording, CancellationToken cancellationToken) =>
        await items.FindAsync(command.Item!, cancellationToken).ConfigureAwait(false) is { } item
            ? new ServiceResult { Text = Say(wording.Shared, Shown(item)), Card = ItemCards.Offer(item, Wordings.English) }
            : ServiceResult.Refused(wording.ItemGone);

    private static ServiceResult List(IReadOnlyList<StoredItem> found, Wording wording, string nothing)
    {
        if (found.Count <= 1)
        {
            return found.Count == 0 ? ServiceResult.Of(nothing) : new ServiceResult { Card = ItemCards.Offer(found[0], wording) };
        }

        // No numbers: those are what windows have given to cards.
        var lines = found.Select(item => $"- {Shown(item)}{(item.Link.Length > 0 ? $" {item.Link}" : string.Empty)}");
        return ServiceResult.Of(FeedText.Cut(string.Join('\n', lines), TextBytesMax));
    }
}
