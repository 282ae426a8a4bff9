using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using static RelayServer.IntegrationTests.Fabric.TestBodies;

namespace RelayServer.IntegrationTests.Fabric;

/// <summary>The embedded fabric's files: what survives, and what is refused.</summary>
public sealed class EmbeddedStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Database => _folder.File("relay.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SynchronousMode.Normal)]
    [InlineData(SynchronousMode.Full)]
    public async Task OpenAsync_Again_EverythingIsThere(SynchronousMode synchronous)
    {
        FabricFlush flush;
        ulong epoch;
        IReadOnlyList<SlotOwner> owners;
        await using (EmbeddedFabric fabric = await OpenAsync(options => options.Synchronous = synchronous))
        {
            owners = await fabric.ClaimSlotsAsync("m", 0, Cancel);
            epoch = owners[0].Epoch;
            flush = Flush("m", epoch, Append(Room, epoch, 1), Append(new("hall", 2, 3), epoch, 7, 7), Append(Room, epoch, 2));
            Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(flush, Cancel));
        }

        await using (EmbeddedFabric fabric = await OpenAsync())
        {
            Assert.Equal(owners, await fabric.ReadSlotsAsync(Cancel));
            Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(flush, Cancel));
            LogPage page = await fabric.ReadFromAsync(Room, 0, 0, 1000, Cancel);
            Assert.Equal([flush.Appends[0].Body.ToArray(), flush.Appends[2].Body.ToArray()], page.Entries.Select(entry => entry.Body.ToArray()));
            Assert.Single((await fabric.ReadTailAsync(new("hall", 2, 3), 10, 1000, Cancel)).Entries);
            ulong next = (await fabric.ClaimSlotsAsync("m", 0, Cancel))[0].Epoch;
            Assert.True(next > epoch);
            Assert.Equal(FlushStatus.Fenced, await fabric.FlushAsync(Flush("m", epoch, Append(Room, epoch, 3)), Cancel));
        }
    }

    // The files as they are while the process lives are what kill -9 leaves.
    [Fact]
    public async Task OpenAsync_FilesOfAKilledProcess_EverythingCommittedIsThere()
    {
        const ulong Flushes = 200;
        using var copy = new TemporaryFolder();
        await using (EmbeddedFabric fabric = await OpenAsync())
        {
            ulong epoch = (await fabric.ClaimSlotsAsync("m", 0, Cancel))[0].Epoch;
            for (ulong seq = 1; seq <= Flushes; seq++)
            {
                Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(Flush("m", epoch, Append(Room, epoch, seq)), Cancel));
            }

            foreach (string name in (string[])["relay.db", "relay.db-wal"])
            {
                File.Copy(_folder.File(name), copy.File(name));
            }
        }

        await using EmbeddedFabric after = await EmbeddedFabric.OpenAsync(
            new() { DataFolder = copy.Path }, TimeProvider.System, NullLoggerFactory.Instance, Cancel);
        Assert.Equal((int)Flushes, (await after.ReadFromAsync(Room, 0, 0, int.MaxValue, Cancel)).Entries.Count);
        Assert.Equal(Slot.Count, (await after.ReadSlotsAsync(Cancel)).Count);
    }

    [Fact]
    public async Task OpenAsync_Again_SameStoreId()
    {
        var first = new CapturedLogs();
        var second = new CapturedLogs();
        await (await OpenAsync(null, first)).DisposeAsync();
        await (await OpenAsync(null, second)).DisposeAsync();
        Assert.Contains("store ", Assert.Single(first.Lines), StringComparison.Ordinal);
        Assert.Equal(first.Lines, second.Lines);
    }

    [Fact]
    public async Task OpenAsync_FolderInUse_RefusedUntilClosed()
    {
        await using (EmbeddedFabric first = await OpenAsync())
        {
            FabricException error = await RefusedAsync();
            Assert.Contains("in use", error.Message, StringComparison.Ordinal);
            Assert.Contains(_folder.Path, error.Message, StringComparison.Ordinal);
            await first.ClaimSlotsAsync("m", 0, Cancel);
        }

        await (await OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task OpenAsync_FolderMissing_Made()
    {
        string folder = Path.Combine(_folder.Path, "a", "b");
        await (await OpenAsync(options => options.DataFolder = folder)).DisposeAsync();
        Assert.True(File.Exists(Path.Combine(folder, "relay.db")));
    }

    [Fact]
    public async Task OpenAsync_FolderOthersMayRead_FilesAreTheirOwnersAlone()
    {
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        await using EmbeddedFabric fabric = await OpenAsync();
        await fabric.ClaimSlotsAsync("m", 0, Cancel);
        string[] files = Directory.GetFiles(_folder.Path, "relay.db*");
        Assert.Equal(3, files.Length);
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    // A folder below a file cannot be made by anybody, not even by root.
    [Fact]
    public async Task OpenAsync_FolderUnwritable_Refused()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "x", Cancel);
        string folder = Path.Combine(_folder.Path, "file", "data");
        FabricException error = await RefusedAsync(options => options.DataFolder = folder);
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
        Assert.Contains(folder, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_DatabaseCannotBeOpened_Refused()
    {
        Directory.CreateDirectory(Database);
        Assert.Contains(Database, (await RefusedAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_NoDatabase_RefusedAndLeftAlone()
    {
        byte[] garbage = new byte[10_000];
        new Random(1).NextBytes(garbage);
        await File.WriteAllBytesAsync(Database, garbage, Cancel);
        Assert.Contains("damaged or not a database", (await RefusedAsync()).Message, StringComparison.Ordinal);
        Assert.Equal(garbage, await File.ReadAllBytesAsync(Database, Cancel));
    }

    [Fact]
    public async Task OpenAsync_DatabaseOfAnotherProgram_Refused()
    {
        Run("CREATE TABLE theirs (x)");
        Assert.Contains("another program", (await RefusedAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_NewerSchema_Refused()
    {
        await (await OpenAsync()).DisposeAsync();
        Run("PRAGMA user_version = 99");
        FabricException error = await RefusedAsync();
        Assert.Contains("schema version 99", error.Message, StringComparison.Ordinal);
        Assert.Contains(Database, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_DatabaseOfTheFirstVersion_KeepsItsLogsAndTakesRecords()
    {
        ulong epoch;
        await using (EmbeddedFabric fabric = await OpenAsync())
        {
            epoch = (await fabric.ClaimSlotsAsync("m", 0, Cancel))[0].Epoch;
            Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(Flush("m", epoch, Append(Room, epoch, 1)), Cancel));
        }

        // Records are all that the second version has added.
        Run("DROP TABLE records; PRAGMA user_version = 1");

        for (int open = 0; open < 2; open++)
        {
            await using EmbeddedFabric fabric = await OpenAsync();
            Assert.Single((await fabric.ReadFromAsync(Room, 0, 0, 1000, Cancel)).Entries);
            FabricFlush flush = Flush("m", epoch, Append(Room, epoch, 1));
            flush.Appends.Clear();
            flush.Records.Add(new("room", Bytes("state")));
            Assert.Equal(open == 0 ? null : Bytes("state"), await fabric.ReadRecordAsync("room", Cancel));
            Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(flush, Cancel));
        }
    }

    [Fact]
    public async Task FlushAsync_AfterADrop_EntriesLeaveTheFileSomeAtATimeAlsoAfterARestart()
    {
        const int Entries = 3 * DroppedLogs.EntriesPerFlush;
        ulong epoch;
        await using (EmbeddedFabric fabric = await OpenAsync())
        {
            epoch = (await fabric.ClaimSlotsAsync("m", 0, Cancel))[0].Epoch;
            FabricFlush flush = Flush("m", epoch, [.. Enumerable.Range(1, Entries).Select(i => Append(Room, epoch, (ulong)i))]);
            Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(flush, Cancel));
            flush.Appends.Clear();
            flush.Drops.Add(Room);
            Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(flush, Cancel));
        }

        Assert.Equal(Entries - DroppedLogs.EntriesPerFlush, Count("entries"));
        for (int left = Entries - (2 * DroppedLogs.EntriesPerFlush); left >= 0; left -= DroppedLogs.EntriesPerFlush)
        {
            await using (EmbeddedFabric fabric = await OpenAsync())
            {
                FabricFlush flush = Flush("m", epoch, Append(new("hall", 0, 0), epoch, (ulong)(Entries - left)));
                Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(flush, Cancel));
            }

            Assert.Equal(left, Count("entries") - Count("entries WHERE log = (SELECT id FROM logs WHERE channel = 'hall')"));
        }

        Assert.Equal(1, Count("logs"));
    }

    [Fact]
    public async Task OpenAsync_Refused_FolderIsFreeAgain()
    {
        await File.WriteAllTextAsync(Database, new string('x', 5000), Cancel);
        await RefusedAsync();
        File.Delete(Database);
        await (await OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task ReadFromAsync_PagesDamaged_SaysWhichFile()
    {
        await using (EmbeddedFabric fabric = await OpenAsync())
        {
            ulong epoch = (await fabric.ClaimSlotsAsync("m", 0, Cancel))[0].Epoch;
            FabricAppend[] appends = [.. Enumerable.Range(1, 50).Select(i => Append(Room, epoch, (ulong)i, payloadBytes: 20_000))];
            Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(Flush("m", epoch, appends), Cancel));
        }

        await using (FileStream file = File.OpenWrite(Database))
        {
            file.Seek(5 * 8192, SeekOrigin.Begin);
            await file.WriteAsync(Enumerable.Repeat((byte)0xee, 20 * 8192).ToArray(), Cancel);
        }

        FabricException error = await Assert.ThrowsAsync<FabricException>(async () =>
        {
            await using EmbeddedFabric fabric = await OpenAsync();
            await fabric.ReadFromAsync(Room, 0, 0, int.MaxValue, Cancel);
        });
        Assert.Contains(Database, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FlushAsync_StoreFull_UnavailableThenAgainWhenTrimmed()
    {
        var logs = new CapturedLogs();
        await using EmbeddedFabric fabric = await OpenAsync(options => options.StoreBytesMax = 1024 * 1024, logs);
        var watch = new ConnectionWatch(fabric);
        ulong epoch = (await fabric.ClaimSlotsAsync("m", 0, Cancel))[0].Epoch;
        ulong seq = 1;
        while (await fabric.FlushAsync(Flush("m", epoch, Append(Room, epoch, seq, payloadBytes: 50_000)), Cancel) == FlushStatus.Committed)
        {
            Assert.InRange(seq++, 1UL, 30UL);
        }

        Assert.False(await watch.NextAsync());
        Assert.True(logs.Contains(Database));
        await watch.UntilAsync(connected: true);
        FabricAppend append = Append(Room, epoch, seq, payloadBytes: 50_000) with { TrimBefore = (epoch, seq - 5) };
        Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(Flush("m", epoch, append), Cancel));
        LogPage page = await fabric.ReadFromAsync(Room, 0, 0, int.MaxValue, Cancel);
        Assert.Equal(Enumerable.Range((int)seq - 5, 6), page.Entries.Select(entry => (int)entry.LastSeq));
    }

    private long Count(string rows) => (long)Run("SELECT count(*) FROM " + rows)!;

    private object? Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    private Task<FabricException> RefusedAsync(Action<EmbeddedFabricOptions>? change = null) =>
        Assert.ThrowsAsync<FabricException>(() => OpenAsync(change));

    private Task<EmbeddedFabric> OpenAsync(Action<EmbeddedFabricOptions>? change = null, ILoggerFactory? loggers = null)
    {
        var options = new EmbeddedFabricOptions { DataFolder = _folder.Path };
        change?.Invoke(options);
        return EmbeddedFabric.OpenAsync(options, TimeProvider.System, loggers ?? NullLoggerFactory.Instance, Cancel);
    }
}
