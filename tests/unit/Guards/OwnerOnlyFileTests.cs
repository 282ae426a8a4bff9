using RelayServer.Guards;

namespace RelayServer.UnitTests.Guards;

public sealed class OwnerOnlyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relay-guards-").FullName;

    [Theory]
    [InlineData(UnixFileMode.None, false)]
    [InlineData(UnixFileMode.UserWrite | UnixFileMode.UserExecute, false)]
    [InlineData(UnixFileMode.GroupRead, true)]
    [InlineData(UnixFileMode.GroupWrite, true)]
    [InlineData(UnixFileMode.GroupExecute, true)]
    [InlineData(UnixFileMode.OtherRead, true)]
    [InlineData(UnixFileMode.OtherWrite, true)]
    [InlineData(UnixFileMode.OtherExecute, true)]
    public void IsOpenToOthers_ModeOfTheFile_SaysSo(UnixFileMode mode, bool isOpen)
    {
        string path = Path.Combine(_folder, "secret");
        OwnerOnlyFile.Write(path, "secret"u8);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | mode);

        using FileStream file = File.OpenRead(path);

        Assert.Equal(isOpen, OwnerOnlyFile.IsOpenToOthers(file));
    }

    [Fact]
    public void IsOpenToOthers_FileThatWasWritten_IsItsOwners()
    {
        string path = Path.Combine(_folder, "secret");
        File.WriteAllText(path, "before");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        OwnerOnlyFile.Write(path, "secret"u8);

        using FileStream file = File.OpenRead(path);

        Assert.False(OwnerOnlyFile.IsOpenToOthers(file));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
