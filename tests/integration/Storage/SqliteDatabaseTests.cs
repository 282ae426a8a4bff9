using RelayServer.Storage;

namespace RelayServer.IntegrationTests.Storage;

public sealed class SqliteDatabaseTests() : DatabaseContract(new SqliteHost())
{
    [Fact]
    public async Task OpenAsync_NewFile_OthersMayNotReadIt()
    {
        await WriteRowAsync("alice", 1);
        DatabaseOptions options = await Host.OptionsAsync();
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(options.File)!))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task OpenAsync_FolderThatIsNotThere_UnavailableNamesTheFile()
    {
        var options = new DatabaseOptions { File = "/nowhere/at/all.db" };
        DatabaseException problem = await Assert.ThrowsAsync<DatabaseException>(() => OpenAsync(options));
        Assert.Equal(DatabaseFailure.Unavailable, problem.Failure);
        Assert.Contains("/nowhere/at/all.db", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_FileThatIsNoDatabase_UnavailableNamesTheFile()
    {
        DatabaseOptions options = await Host.OptionsAsync();
        string other = options.File + ".txt";
        await File.WriteAllTextAsync(other, new string('x', 4096), Cancel);
        DatabaseException problem = await Assert.ThrowsAsync<DatabaseException>(() => OpenAsync(new DatabaseOptions { File = other }));
        Assert.Equal(DatabaseFailure.Unavailable, problem.Failure);
    }

    [Fact]
    public async Task OpenAsync_NeitherFileNorConnection_OptionsProblem() =>
        Assert.Equal(DatabaseFailure.Options, (await Assert.ThrowsAsync<DatabaseException>(() => OpenAsync(new DatabaseOptions()))).Failure);
}
