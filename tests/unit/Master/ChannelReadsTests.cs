using System.Threading.Channels;
using RelayServer.Fabric;
using RelayServer.Master;
using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;

namespace RelayServer.UnitTests.Master;

/// <summary>A store that is away is told apart from a channel that cannot be read: for the first everybody waits, for the second nobody should.</summary>
public sealed class ChannelReadsTests : IDisposable
{
    private readonly SteppedTime _time = new();
    private readonly SweptLogs _store = new();
    private readonly Channel<MasterEvent> _inbox = Channel.CreateUnbounded<MasterEvent>();
    private readonly ChannelState _room = new([.. "room"u8], 1, new MasterOptions());

    [Theory]
    [InlineData(true, MasterEventKind.Unread)]
    [InlineData(false, MasterEventKind.Unreadable)]
    public async Task ReadRoom_Fails_IsToldWhetherTheStoreIsAway(bool isAway, object kind)
    {
        _store.Failure = isAway ? new FabricUnavailableException("away") : new FabricException("WRONGTYPE");
        Task<MasterEvent> told = ReadRoomAsync();
        _time.Step();
        Assert.Equal(kind, (await told).Kind);
    }

    [Fact]
    public async Task ReadRoom_WhatIsSavedIsNoRoom_IsUnreadableAtOnce()
    {
        _store.Records.Add(new FabricRecord("room", new byte[] { 0xc1 }));
        Assert.Equal(MasterEventKind.Unreadable, (await ReadRoomAsync()).Kind);
    }

    public void Dispose() => _room.Dispose();

    private Task<MasterEvent> ReadRoomAsync()
    {
        new ChannelReads(_store, _time, _inbox.Writer).ReadRoom(_room, TestContext.Current.CancellationToken);
        return _inbox.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();
    }
}
