using RelayServer.Hosting;
using RelayServer.Identity;

namespace RelayServer.UnitTests.Host;

/// <summary>The folder of the one-process relay.</summary>
public sealed class DataFolderTests : IDisposable
{
    private const UnixFileMode OwnerOnlyFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _parent = Directory.CreateTempSubdirectory("relay-data-").FullName;

    private string Folder => Path.Combine(_parent, "a", "relay");

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public void Open_NewFolder_IsItsOwnersAlone()
    {
        DataFolder.Open(Folder);

        Assert.Equal(OwnerOnlyFolder, File.GetUnixFileMode(Folder));
    }

    [Fact]
    public void Open_FolderThatOthersMayWrite_IsRefusedWithTheCommandThatMendsIt()
    {
        Directory.CreateDirectory(Folder);
        File.SetUnixFileMode(Folder, OwnerOnlyFolder | UnixFileMode.OtherWrite);

        Assert.Contains($"chmod 700 {Folder}", Assert.Throws<StartException>(() => DataFolder.Open(Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ExistingFolder_KeepsItsMode()
    {
        Directory.CreateDirectory(Folder);
        UnixFileMode mode = OwnerOnlyFolder | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
        File.SetUnixFileMode(Folder, mode);

        DataFolder.Open(Folder);

        Assert.Equal(mode, File.GetUnixFileMode(Folder));
    }

    [Fact]
    public void Open_PathThroughAFile_SaysThatItCannotBeWritten()
    {
        string file = Path.Combine(_parent, "file");
        File.WriteAllText(file, string.Empty);

        StartException problem = Assert.Throws<StartException>(() => DataFolder.Open(Path.Combine(file, "relay")));

        Assert.Contains("cannot be written", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteCredentials_FilesInTheFolder_AreTheirOwnersAloneAndGoAway()
    {
        DataFolder folder = DataFolder.Open(Folder);

        folder.WriteCredentials(SigningKey.CreateHs256("k"), "a.b.c");
        UnixFileMode[] modes = [File.GetUnixFileMode(folder.TokenFile), File.GetUnixFileMode(DataFolder.KeyFileIn(Folder))];
        string token = File.ReadAllText(folder.TokenFile);
        folder.DeleteCredentials();

        Assert.All(modes, mode => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode));
        Assert.Equal("a.b.c\n", token);
        Assert.False(File.Exists(folder.TokenFile) || File.Exists(DataFolder.KeyFileIn(Folder)));
    }

    [Fact]
    public void Locate_Configured_IsAFullPath()
    {
        Assert.Equal(Path.Combine(Environment.CurrentDirectory, "here"), DataFolder.Locate("here"));
    }
}
