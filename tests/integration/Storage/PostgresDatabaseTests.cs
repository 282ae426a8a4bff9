using RelayServer.IntegrationTests.Support;
using RelayServer.Storage;

namespace RelayServer.IntegrationTests.Storage;

public sealed class PostgresDatabaseTests(PostgresServer server) : DatabaseContract(new PostgresHost(server))
{
    [Fact]
    public async Task OpenAsync_NobodyListens_Unavailable()
    {
        using var folder = new TemporaryFolder();
        var options = new DatabaseOptions { Connection = $"Host={folder.Path};Username=relay;Database=none" };
        Assert.Equal(DatabaseFailure.Unavailable, (await Assert.ThrowsAsync<DatabaseException>(() => OpenAsync(options))).Failure);
    }

    [Fact]
    public async Task OpenAsync_DatabaseThatIsNotThere_OptionsProblem()
    {
        DatabaseOptions options = await Host.OptionsAsync();
        options.Connection += "_missing;Database=missing";
        Assert.Equal(DatabaseFailure.Options, (await Assert.ThrowsAsync<DatabaseException>(() => OpenAsync(options))).Failure);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Password=hush-hush")]
    [InlineData("hush-hush")]
    [InlineData("hush-hush=1")]
    public async Task OpenAsync_ConnectionWithSecretOrNonsense_OptionsProblemWithoutIt(string connection)
    {
        DatabaseException problem = await Assert.ThrowsAsync<DatabaseException>(() => OpenAsync(new DatabaseOptions { Connection = connection }));
        Assert.Equal(DatabaseFailure.Options, problem.Failure);
        Assert.DoesNotContain("hush", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_ConnectionsCutBefore_NextOnesWorkAgain()
    {
        await WriteRowAsync("alice", 1);
        await Host.DisconnectAsync();
        await Eventually.TrueAsync(
            () => TryWriteRowAsync("alice", 2), TimeSpan.FromSeconds(20), () => "writes do not work again");
        Assert.Equal(2, await ReadRowAsync("alice"));
    }

    private async Task<bool> TryWriteRowAsync(string name, long value)
    {
        try
        {
            await WriteRowAsync(name, value);
            return true;
        }
        catch (DatabaseException problem) when (problem.Failure == DatabaseFailure.Unavailable)
        {
            return false;
        }
    }
}
