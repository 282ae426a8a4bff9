using System.Threading.Channels;
using RelayServer.Cli.Chat;
using RelayServer.Client;

namespace RelayServer.UnitTests.Cli;

/// <summary>A room and an inbox in one window.</summary>
public sealed class ChatEventsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Merge_EventsOfBoth_AreAllThereEachInItsOrder()
    {
        var room = Channel.CreateUnbounded<RelayEvent>();
        var inbox = Channel.CreateUnbounded<RelayEvent>();
        RelayEvent[] ofRoom = [Event("a"), Event("b"), Event("c")];
        RelayEvent[] ofInbox = [Event("x"), Event("y")];
        Assert.All(ofRoom, next => Assert.True(room.Writer.TryWrite(next)));
        Assert.All(ofInbox, next => Assert.True(inbox.Writer.TryWrite(next)));
        List<RelayEvent> seen = [];
        await foreach (RelayEvent next in ChatEvents.MergeAsync(room.Reader.ReadAllAsync(Cancel), inbox.Reader.ReadAllAsync(Cancel), Cancel))
        {
            seen.Add(next);
            if (seen.Count == ofRoom.Length + ofInbox.Length)
            {
                room.Writer.Complete();
            }
        }

        Assert.Equal(ofRoom, seen.Where(ofRoom.Contains));
        Assert.Equal(ofInbox, seen.Where(ofInbox.Contains));
    }

    [Fact]
    public async Task Merge_InboxEnds_TheRoomGoesOn()
    {
        var room = Channel.CreateUnbounded<RelayEvent>();
        var inbox = Channel.CreateUnbounded<RelayEvent>();
        inbox.Writer.Complete();
        await using IAsyncEnumerator<RelayEvent> events = ChatEvents
            .MergeAsync(room.Reader.ReadAllAsync(Cancel), inbox.Reader.ReadAllAsync(Cancel), Cancel).GetAsyncEnumerator(Cancel);
        Task<bool> next = events.MoveNextAsync().AsTask();
        RelayEvent expected = Event("a");
        Assert.True(room.Writer.TryWrite(expected));
        Assert.True(await next);
        Assert.Same(expected, events.Current);
        room.Writer.Complete(new IOException("gone"));
        await Assert.ThrowsAsync<IOException>(() => events.MoveNextAsync().AsTask());
    }

    [Fact]
    public async Task Merge_ReaderLeaves_NeitherIsLeftWaiting()
    {
        var room = Channel.CreateUnbounded<RelayEvent>();
        var inbox = Channel.CreateUnbounded<RelayEvent>();
        Assert.True(inbox.Writer.TryWrite(Event("x")));
        await foreach (RelayEvent _ in ChatEvents.MergeAsync(room.Reader.ReadAllAsync(CancellationToken.None), inbox.Reader.ReadAllAsync(CancellationToken.None), Cancel))
        {
            break;
        }

        Assert.True(room.Writer.TryWrite(Event("a")));
        Assert.True(room.Reader.TryRead(out _));
    }

    private static RelayEvent Event(string text) => RoomEvents.Message(default, "bob", text);
}
