using System.Net;
using RelayServer.Guards;

namespace RelayServer.UnitTests.Guards;

public sealed class ConnectionSharesTests
{
    private readonly ConnectionShares _shares = new(perClientMax: 2, perSiteMax: 3);
    private TaskCompletionSource _end = NewEnd();
    private readonly List<Task> _served = [];

    [Fact]
    public void Guard_OneClient_HasItsShareAndOthersHaveTheirs()
    {
        Assert.True(TryOpen("192.0.2.1"));
        Assert.True(TryOpen("192.0.2.1"));
        Assert.False(TryOpen("192.0.2.1"));
        Assert.False(TryOpen("::ffff:192.0.2.1"));
        Assert.True(TryOpen("192.0.2.2"));
    }

    [Fact]
    public void Guard_NetworksOfOneSite_ShareWhatASiteMayHave()
    {
        Assert.True(TryOpen("2001:db8:7:1::1"));
        Assert.True(TryOpen("2001:db8:7:1::2"));
        Assert.False(TryOpen("2001:db8:7:1::3"));
        Assert.True(TryOpen("2001:db8:7:2::1"));
        Assert.False(TryOpen("2001:db8:7:3::1"));
        Assert.True(TryOpen("2001:db8:8::1"));
    }

    [Fact]
    public async Task Guard_ConnectionThatEnds_MakesRoomForAnother()
    {
        Assert.True(TryOpen("2001:db8:7:1::1"));
        Assert.True(TryOpen("2001:db8:7:1::1"));
        _end.SetResult();
        await Task.WhenAll(_served);
        _end = NewEnd();

        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => TryOpen("2001:db8:7:1::1")));
        Assert.Equal([true, false], Enumerable.Range(0, 2).Select(_ => TryOpen("2001:db8:7:2::1")));
    }

    private static TaskCompletionSource NewEnd() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool TryOpen(string address)
    {
        bool isCut = false;
        _served.Add(_shares.GuardAsync(new IPEndPoint(IPAddress.Parse(address), 1234), () => isCut = true, () => _end.Task));
        return !isCut;
    }
}
