using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Fabric;
using RelayServer.Master.Hosting;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>The rooms that are found in the store after a claim.</summary>
public sealed class RecordListingTests : IAsyncDisposable
{
    private const int PageRecords = FabricLimits.ListRecordsMax;
    private readonly SteppedTime _time = new();
    private readonly SweptLogs _store = new();
    private readonly Channel<MasterEvent> _inbox = Channel.CreateUnbounded<MasterEvent>();
    private readonly RecordListing _listing;

    public RecordListingTests() => _listing = new RecordListing(_store, _time, _inbox.Writer, NullLogger.Instance);

    [Fact]
    public async Task Restart_MoreThanAPage_AllCreatedRoomsAreToldPageByPage()
    {
        for (int room = 0; room < PageRecords + 5; room++)
        {
            Add($"room-{room}", isCreated: true);
        }

        Add("open", isCreated: false);
        _store.Records.Add(new FabricRecord("unreadable", new byte[] { 0xc1 }));
        _listing.Restart(7);

        MasterEvent first = await NextAsync();
        Assert.Equal((7UL, PageRecords), (first.Epoch, first.Records!.Rooms.Count));
        Assert.Single(_store.Listed);
        first.Answer!.SetResult(true);
        MasterEvent second = await NextAsync();
        Assert.Equal([.. Enumerable.Range(PageRecords, 5).Select(room => $"room-{room}")], second.Records!.Rooms.Select(room => room.Name));
        Assert.Equal([(0UL, PageRecords), ((ulong)PageRecords, PageRecords)], _store.Listed);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 60)]
    public async Task Restart_StoreFails_GoesOnLater(bool isUnavailable, int seconds)
    {
        Add("room", isCreated: true);
        _store.Failure = isUnavailable ? new FabricUnavailableException("away") : new InvalidOperationException("broken");
        _listing.Restart(1);
        _store.Failure = null;
        Assert.Equal(TimeSpan.FromSeconds(seconds), _time.Step());
        Assert.Equal("room", Assert.Single((await NextAsync()).Records!.Rooms).Name);
    }

    [Fact]
    public async Task Restart_AnotherClaimMeanwhile_BeginsAnew()
    {
        Add("room", isCreated: true);
        _listing.Restart(1);
        MasterEvent old = await NextAsync();
        _listing.Restart(2);
        MasterEvent anew = await NextAsync();
        Assert.Equal((1UL, 2UL), (old.Epoch, anew.Epoch));
    }

    public ValueTask DisposeAsync() => _listing.DisposeAsync();

    private ValueTask<MasterEvent> NextAsync() => _inbox.Reader.ReadAsync(TestContext.Current.CancellationToken);

    private void Add(string name, bool isCreated)
    {
        var room = new RoomState();
        RoomControl control = isCreated ? RoomControl.Create(name) : RoomControl.Set(RoomSetting.Frozen, 1);
        Assert.Null(room.Apply(control, "olga"u8, Role.Operator, 1000));
        _store.Records.Add(new FabricRecord(name, room.Encode()));
    }
}
