using System.Diagnostics;
using RelayServer.Client;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Rooms;

/// <summary>A muted user hears everything and says nothing, until the time is over.</summary>
public sealed class LiveRoomMuteTests
{
    private const string Room = "patient";

    [Fact]
    [Trait("Must", "R-BAN-4")]
    public async Task Mute_ForASecond_RefusedUntilItIsOver()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using RoomGuest bob = await RoomGuest.JoinAsync(relay.B, "bob", Room);
        await using RoomGuest alice = await RoomGuest.JoinAsync(relay.A, "alice", Room);
        var reactionRefused = new TaskCompletionSource<ErrorCode>(TaskCreationOptions.RunContinuationsAsynchronously);
        bob.Client.SendRefused += (_, refusal) => reactionRefused.TrySetResult(refusal.Code);

        var clock = Stopwatch.StartNew();
        await relay.EdgeA.ControlAsync(Room, RoomControl.Mute("bob", 1, "spam"), "root", TestContext.Current.CancellationToken);
        await bob.HearAsync<RelayRoomChange>(change => change.Control.Verb == ControlVerb.Mute);

        RelayException refused = (await RefusalAsync(bob, "too early"))!;
        Assert.Equal(ErrorCode.Muted, refused.Code);
        Assert.Contains("for 1 s more: spam", refused.Message, StringComparison.Ordinal);
        Assert.InRange(refused.RetryAfter, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1));
        bob.Client.React(Room);
        Assert.Equal(ErrorCode.Muted, await reactionRefused.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        await alice.PublishAsync(Room, "do you hear me?");
        await bob.HearAsync<RelayMessage>(message => message.From == "alice");
        await Eventually.TrueAsync(async () => await RefusalAsync(bob, "at last") is null, TimeSpan.FromSeconds(10), () => "muted for ever");

        Assert.InRange(clock.ElapsedMilliseconds, 1000, 10_000);
        RelayMessage heard = await alice.HearAsync<RelayMessage>(message => message.From == "bob");
        Assert.Equal("at last", heard.Text);
    }

    private static async Task<RelayException?> RefusalAsync(RoomGuest bob, string text)
    {
        try
        {
            await bob.PublishAsync(Room, text);
            return null;
        }
        catch (RelayException refused)
        {
            return refused;
        }
    }
}
