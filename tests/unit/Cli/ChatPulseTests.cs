using RelayServer.Cli.Chat;
using RelayServer.UnitTests.Identity;

namespace RelayServer.UnitTests.Cli;

public sealed class ChatPulseTests
{
    private readonly FixedTime _clock = new();

    [Fact]
    public void TryShow_Hearts_AreSummedUpOverFiveSeconds()
    {
        var pulse = new ChatPulse(_clock);
        Assert.Null(pulse.Wait);
        pulse.Take(RoomEvents.Reactions(0, 40));
        Assert.Equal("\u2665 40", pulse.TryShow());
        pulse.Take(RoomEvents.Reactions(0, 2));
        pulse.Take(RoomEvents.Reactions(3, 5));
        Assert.Null(pulse.TryShow());
        Assert.Equal(TimeSpan.FromSeconds(5), pulse.Wait);
        _clock.Now += TimeSpan.FromSeconds(5);
        pulse.Take(1024, isNews: true);
        Assert.Equal("\u2665 2  reaction 3 \u00d7 5  1,024 people", pulse.TryShow());
        Assert.Null(pulse.Wait);
    }

    [Fact]
    public void TryShow_CountsAlone_WaitLongerAndAreNotRepeated()
    {
        var pulse = new ChatPulse(_clock);
        pulse.NoteShown(10);
        pulse.Take(10, isNews: true);
        Assert.Null(pulse.Wait);
        pulse.Take(11, isNews: true);
        Assert.Equal("11 people", pulse.TryShow());
        pulse.Take(12, isNews: true);
        _clock.Now += TimeSpan.FromSeconds(9);
        Assert.Null(pulse.TryShow());
        _clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal("12 people", pulse.TryShow());
    }

    [Fact]
    public void TryShow_CountsOfARoomWhereComingIsAnnounced_AreNone()
    {
        var pulse = new ChatPulse(_clock);
        pulse.Take(3, isNews: false);
        Assert.Null(pulse.Wait);
    }
}
