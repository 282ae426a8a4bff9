using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Storage;

namespace RelayServer.IntegrationTests.Storage;

/// <summary>What a <see cref="Database"/> does on either engine.</summary>
public abstract class DatabaseContract(IDatabaseHost host) : IAsyncLifetime
{
    private const string TableSql = """
        CREATE TABLE rows (
            name {text} NOT NULL PRIMARY KEY,
            value {int} NOT NULL,
            content {blob} NULL
        ) {strict};
        CREATE TABLE events (number {id}, weight {real} NOT NULL, said_at {int} NULL) {strict};
        """;

    private static readonly Migration First = new(1, "0001_first", TableSql);
    private static readonly Migration Second = new(2, "0002_second", "ALTER TABLE rows ADD COLUMN note {text} NULL");

    private Database? _database;

    protected IDatabaseHost Host => host;

    protected Database Db => _database!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await OpenAsync(await host.OptionsAsync());

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        await host.DisposeAsync();
    }

    [Fact]
    public async Task WriteAsync_Committed_IsRead()
    {
        await WriteRowAsync("alice", 41);
        Assert.Equal(41, await ReadRowAsync("alice"));
        Assert.Equal(host.Engine, Db.Engine);
    }

    [Fact]
    public async Task WriteAsync_WorkThrows_NothingIsKept()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Db.WriteAsync(
            async session =>
            {
                await InsertAsync(session, "alice", 1);
                throw new InvalidOperationException();
            },
            Cancel));
        Assert.Null(await ReadRowAsync("alice"));
    }

    [Fact]
    public async Task WriteAsync_SameKeyTwice_DuplicateAndNothingIsKept()
    {
        await WriteRowAsync("alice", 1);
        DatabaseException problem = await Assert.ThrowsAsync<DatabaseException>(() => Db.WriteAsync(
            async session =>
            {
                await InsertAsync(session, "bob", 1);
                await InsertAsync(session, "alice", 2);
            },
            Cancel));
        Assert.Equal(DatabaseFailure.Duplicate, problem.Failure);
        Assert.Null(await ReadRowAsync("bob"));
        Assert.Equal(1, await ReadRowAsync("alice"));
    }

    [Fact]
    public async Task WriteAsync_FailureThatTheWorkCatches_NothingMoreCanBeAskedAndNothingIsKept()
    {
        await WriteRowAsync("alice", 1);
        DatabaseException? later = null;
        DatabaseException problem = await Assert.ThrowsAsync<DatabaseException>(() => Db.WriteAsync(
            async session =>
            {
                await InsertAsync(session, "bob", 1);
                await Assert.ThrowsAnyAsync<Exception>(() => InsertAsync(session, "alice", 2));
                later = await Assert.ThrowsAsync<DatabaseException>(() => InsertAsync(session, "carol", 2));
            },
            Cancel));
        Assert.Equal((DatabaseFailure.Duplicate, DatabaseFailure.Failed), (problem.Failure, later!.Failure));
        Assert.Null(await ReadRowAsync("bob"));
    }

    [Fact]
    public async Task WriteAsync_StatementThatIsWrong_FailedWithoutItsValues()
    {
        DatabaseException problem = await Assert.ThrowsAsync<DatabaseException>(
            () => Db.WriteAsync(session => session.ExecuteAsync("INSERT INTO missing (a) VALUES (@Secret)", new { Secret = "hush" }), Cancel));
        Assert.Equal(DatabaseFailure.Failed, problem.Failure);
        Assert.DoesNotContain("hush", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_WorkThatWrites_Refused()
    {
        await Assert.ThrowsAsync<DatabaseException>(() => Db.ReadAsync(session => InsertAsync(session, "alice", 1), Cancel));
        Assert.Null(await ReadRowAsync("alice"));
    }

    [Fact]
    public async Task ReadAsync_AnotherWritesBetween_SeesOneState()
    {
        await WriteRowAsync("alice", 1);
        (long before, long after) = await Db.ReadAsync(
            async session =>
            {
                long first = await SelectAsync(session, "alice") ?? 0;
                await WriteRowAsync("alice", 2);
                return (first, await SelectAsync(session, "alice") ?? 0);
            },
            Cancel);
        Assert.Equal((1, 1), (before, after));
    }

    [Fact]
    public async Task WriteAsync_ReadAndAddAtTheSameTime_NoneIsLost()
    {
        const int count = 40;
        await WriteRowAsync("counter", 0);
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(() => Db.WriteAsync(
            async session =>
            {
                long value = await SelectAsync(session, "counter") ?? 0;
                await session.ExecuteAsync("UPDATE rows SET value = @Value WHERE name = 'counter'", new { Value = value + 1 });
            },
            Cancel))));
        Assert.Equal(count, await ReadRowAsync("counter"));
    }

    [Fact]
    public async Task WriteAsync_TwoInstances_ReadAndAddNoneIsLost()
    {
        await using Database other = await OpenAsync(await host.OptionsAsync());
        await WriteRowAsync("counter", 0);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(() => (number % 2 == 0 ? Db : other).WriteAsync(
            async session =>
            {
                long value = await SelectAsync(session, "counter") ?? 0;
                await session.ExecuteAsync("UPDATE rows SET value = @Value WHERE name = 'counter'", new { Value = value + 1 });
            },
            Cancel))));
        Assert.Equal(20, await ReadRowAsync("counter"));
    }

    [Fact]
    public async Task QueryAsync_AllColumnTypes_ComeBackAsTheyWere()
    {
        byte[] content = [0, 1, 255];
        await Db.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("INSERT INTO rows (name, value, content) VALUES (@Name, @Value, @Content)", new { Name = "é", Value = long.MinValue, Content = content });
                await session.ExecuteAsync("INSERT INTO rows (name, value, content) VALUES ('Z', 2, NULL)");
                await session.ExecuteAsync("INSERT INTO events (weight, said_at) VALUES (@Weight, @At)", new { Weight = 1.5, At = (long?)null });
            },
            Cancel);
        IReadOnlyList<StoredRow> rows = await Db.ReadAsync(session => session.QueryAsync<StoredRow>("SELECT name, value, content FROM rows ORDER BY name"), Cancel);
        Assert.Equal(["Z", "é"], rows.Select(row => row.Name));
        Assert.Equal(long.MinValue, rows[1].Value);
        Assert.Equal(content, rows[1].Content);
        Assert.Null(rows[0].Content);
        StoredEvent said = (await Db.ReadAsync(session => session.FirstOrDefaultAsync<StoredEvent>("SELECT number, weight, said_at FROM events"), Cancel))!;
        Assert.Equal((1L, 1.5, null), (said.Number, said.Weight, said.SaidAt));
    }

    [Fact]
    public async Task OpenAsync_SeveralInstancesAtOnce_MigrationsRunOnce()
    {
        DatabaseOptions options = await host.OptionsAsync();
        var set = new MigrationSet("other", [new Migration(1, "0001_once", "CREATE TABLE once (number {id}) {strict}; INSERT INTO once DEFAULT VALUES")]);
        Database[] all = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => OpenAsync(options, set))));
        Assert.Equal(1, await all[0].ReadAsync(session => session.FirstOrDefaultAsync<long>("SELECT COUNT(*) FROM once"), Cancel));
        foreach (Database database in all)
        {
            await database.DisposeAsync();
        }
    }

    [Fact]
    public async Task OpenAsync_OneMigrationMore_OnlyThatIsApplied()
    {
        await WriteRowAsync("alice", 1);
        await using Database later = await OpenAsync(await host.OptionsAsync(), new MigrationSet("test", [First, Second]));
        await later.WriteAsync(session => session.ExecuteAsync("UPDATE rows SET note = 'kept'"), Cancel);
        Assert.Equal(1, await ReadRowAsync("alice"));
    }

    [Fact]
    public async Task OpenAsync_SchemaOfANewerProgram_Refused()
    {
        await (await OpenAsync(await host.OptionsAsync(), new MigrationSet("test", [First, Second]))).DisposeAsync();
        DatabaseOptions options = await host.OptionsAsync();
        DatabaseException problem = await Assert.ThrowsAsync<DatabaseException>(() => OpenAsync(options));
        Assert.Equal(DatabaseFailure.Schema, problem.Failure);
        Assert.Contains("newer program", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_AppliedMigrationWasChanged_Refused()
    {
        DatabaseOptions options = await host.OptionsAsync();
        var changed = new MigrationSet("test", [First with { Sql = TableSql + " " }]);
        Assert.Equal(DatabaseFailure.Schema, (await Assert.ThrowsAsync<DatabaseException>(() => OpenAsync(options, changed))).Failure);
    }

    [Fact]
    public async Task OpenAsync_MigrationThatFails_LeavesNothingBehind()
    {
        DatabaseOptions options = await host.OptionsAsync();
        Migration good = new(1, "0001_good", "CREATE TABLE half (number {id}) {strict}");
        Migration bad = new(2, "0002_bad", "CREATE TABLE rows (number {id}) {strict}");
        await Assert.ThrowsAsync<DatabaseException>(() => OpenAsync(options, new MigrationSet("other", [good, bad])));
        await using Database database = await OpenAsync(options, new MigrationSet("other", [good]));
        Assert.Equal(0, await database.ReadAsync(session => session.FirstOrDefaultAsync<long>("SELECT COUNT(*) FROM half"), Cancel));
    }

    protected static Task<Database> OpenAsync(DatabaseOptions options, MigrationSet? migrations = null) => Database.OpenAsync(
        options, migrations ?? new MigrationSet("test", [First]), TimeProvider.System, NullLoggerFactory.Instance, Cancel);

    protected Task WriteRowAsync(string name, long value) => Db.WriteAsync(
        session => session.ExecuteAsync(
            "INSERT INTO rows (name, value) VALUES (@Name, @Value) ON CONFLICT (name) DO UPDATE SET value = excluded.value", new { Name = name, Value = value }),
        Cancel);

    protected Task<long?> ReadRowAsync(string name) => Db.ReadAsync(session => SelectAsync(session, name), Cancel);

    private static Task<long?> SelectAsync(DatabaseSession session, string name) =>
        session.FirstOrDefaultAsync<long?>("SELECT value FROM rows WHERE name = @Name", new { Name = name });

    private static Task<int> InsertAsync(DatabaseSession session, string name, long value) =>
        session.ExecuteAsync("INSERT INTO rows (name, value) VALUES (@Name, @Value)", new { Name = name, Value = value });
}
