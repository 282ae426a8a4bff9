using System.Runtime.Versioning;
using RelayServer.Cli.Chat;

namespace RelayServer.UnitTests.Client;

[UnsupportedOSPlatform("windows")]
public sealed class ChatTokenTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relay-token-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_EverythingGiven_TakesTheFirst()
    {
        string file = WriteToken("file", "from-file", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        WriteToken("token", "from-folder", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        ChatToken all = Token("from-environment") with { Literal = "literal", File = file };
        Assert.Equal("literal", all.Read());
        Assert.Equal("from-file", (all with { Literal = null }).Read());
        Assert.Equal("from-environment", (all with { Literal = null, File = null }).Read());
        Assert.Equal("from-folder", Token(null).Read());
    }

    [Fact]
    public void Read_FileOpenToOthers_SaysWhatToDo()
    {
        string path = WriteToken("token", "secret", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        ChatFailureException error = Assert.Throws<ChatFailureException>(() => Token(null).Read());
        Assert.Equal(ChatExitCode.Token, error.ExitCode);
        Assert.Contains($"chmod 600 {path}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NothingThere_SaysWhereItLooked()
    {
        ChatFailureException error = Assert.Throws<ChatFailureException>(() => Token(null).Read());
        Assert.Contains(Path.Combine(_folder, "token"), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/d", "/x", "/d")]
    [InlineData(null, "/x", "/x/relay")]
    [InlineData(null, null, "/home/u/.local/share/relay")]
    public void Default_Environment_PicksTheFolder(string? data, string? xdg, string expected) =>
        Assert.Equal(expected, ChatDataFolder.Default(name => name switch
        {
            "RELAY_DATA" => data,
            "XDG_DATA_HOME" => xdg,
            "HOME" => "/home/u",
            _ => null,
        }));

    private ChatToken Token(string? fromEnvironment) => new()
    {
        DataFolder = _folder,
        Environment = name => name == ChatToken.Variable ? fromEnvironment : null,
    };

    private string WriteToken(string name, string token, UnixFileMode mode)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, token + "\n");
        File.SetUnixFileMode(path, mode);
        return path;
    }
}
