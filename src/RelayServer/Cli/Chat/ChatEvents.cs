using System.Runtime.CompilerServices;
using RelayServer.Client;

namespace RelayServer.Cli.Chat;

/// <summary>What a window shows: the room, and the inbox beside it.</summary>
internal static class ChatEvents
{
    /// <summary>Both, each in its order; ends with the room. Nothing is taken from either before it is asked for.</summary>
    public static async IAsyncEnumerable<RelayEvent> MergeAsync(
        IAsyncEnumerable<RelayEvent> room, IAsyncEnumerable<RelayEvent> inbox, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using IAsyncEnumerator<RelayEvent> ofRoom = room.GetAsyncEnumerator(stop.Token);
        await using IAsyncEnumerator<RelayEvent> ofInbox = inbox.GetAsyncEnumerator(stop.Token);
        Task<bool> nextOfRoom = ofRoom.MoveNextAsync().AsTask();
        Task<bool> nextOfInbox = ofInbox.MoveNextAsync().AsTask();
        bool inboxEnded = false;
        try
        {
            while (true)
            {
                await (inboxEnded ? (Task)nextOfRoom : Task.WhenAny(nextOfInbox, nextOfRoom));
                if (!inboxEnded && nextOfInbox.IsCompleted)
                {
                    inboxEnded = !await nextOfInbox;
                    if (!inboxEnded)
                    {
                        yield return ofInbox.Current;
                        nextOfInbox = ofInbox.MoveNextAsync().AsTask();
                    }
                }

                if (nextOfRoom.IsCompleted)
                {
                    if (!await nextOfRoom)
                    {
                        yield break;
                    }

                    yield return ofRoom.Current;
                    nextOfRoom = ofRoom.MoveNextAsync().AsTask();
                }
            }
        }
        finally
        {
            // Neither can be disposed while its next event is waited for.
            await stop.CancelAsync();
            await ((Task)nextOfRoom).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ((Task)nextOfInbox).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
