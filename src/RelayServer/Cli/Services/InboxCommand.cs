using System.CommandLine;
using System.Globalization;
using RelayServer.Cli.Chat;
using RelayServer.Cli.Rooms;
using RelayServer.Client;
using RelayServer.Options;
using RelayServer.Protocol;

namespace RelayServer.Cli.Services;

/// <summary><c>relay inbox</c>: what services tell one user alone.</summary>
internal static class InboxCommand
{
    private const int LastDefault = 20;

    private const string Details =
        """
        Prints what services have told you alone, then what they tell, until Ctrl-C, or until --count updates were printed.
        'relay subscribe TOPIC' says of what. With --json each event is an object in a line, as with 'relay chat --json'.

        Examples:
          relay inbox
          relay inbox --last 0 --count 1
          relay inbox --json | jq -r '.card.title // empty'
        """;

    /// <summary>Makes the command, for the root command to add.</summary>
    public static Command Create()
    {
        var last = new Option<int>("--last") { Description = $"Begin with the last N entries, at most {ProtocolLimits.JoinHistoryMessagesMax}", HelpName = "N", DefaultValueFactory = _ => LastDefault };
        var count = new Option<int?>("--count") { Description = "End after N updates", HelpName = "N" };
        return ServiceSubcommand.CreateEndless("inbox", "Show what services tell you alone", Details, [last, count], parsed =>
        {
            int entries = parsed.GetValue(last);
            int? updates = parsed.GetValue(count);
            if (entries is < 0 or > ProtocolLimits.JoinHistoryMessagesMax)
            {
                throw new SettingsException([string.Create(CultureInfo.InvariantCulture, $"--last takes 0 to {ProtocolLimits.JoinHistoryMessagesMax}")]);
            }

            return updates < 1
                ? throw new SettingsException(["--count takes 1 or more"])
                : (session, _, stop) => PrintAsync(session, JoinFrom.Last(entries), updates, stop);
        });
    }

    private static async Task PrintAsync(RoomSession session, JoinFrom from, int? updatesMax, CancellationToken cancellationToken)
    {
        var news = new ServiceNews(new ShownCards(), ServiceMenus.Of(session.Client, null), TimeProvider.System);
        int updates = 0;
        try
        {
            RelaySubscription inbox = await session.Client.JoinInboxAsync(from, cancellationToken);
            await foreach (RelayEvent next in inbox.WithCancellation(cancellationToken))
            {
                Print(session, news, next);
                updates += next is RelayUpdate ? 1 : 0;
                if (updates >= updatesMax)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // That is how it is ended.
        }
    }

    private static void Print(RoomSession session, ServiceNews news, RelayEvent next)
    {
        if (session.IsJson)
        {
            session.PrintRaw(ChatJson.Text(next));
            return;
        }

        // Without a window nothing can be typed: what would be is left out.
        IEnumerable<string> lines = next switch
        {
            RelayUpdate update => [$"[{update.Service}] {RoomSentences.OneLine(update.Card.Title)}", .. CardLines.Facts(update.Card).Select(line => $"   {line}"), $"   item {update.Card.Item}"],
            RelayRoomChange change => [RoomSentences.Change(change.Control, change.From)],
            _ => news.Take(next)?.Select(line => line.Indented) ?? [],
        };
        foreach (string line in lines)
        {
            session.Print(next is RelayEntry entry && line[0] != ' ' ? $"{ChatFormat.When(entry.At, TimeProvider.System.GetLocalNow())} {line}" : line);
        }
    }
}
