using System.Buffers.Text;
using System.Runtime.Versioning;
using System.Text;
using RelayServer.Cli.Connections;
using RelayServer.Identity;

namespace RelayServer.UnitTests.Cli;

[UnsupportedOSPlatform("windows")]
public sealed class ConnectionTokenTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relay-token-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_EverythingGiven_TakesTheFirst()
    {
        string file = WriteToken("file", "from-file", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        WriteToken("token", "from-folder", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        ConnectionToken all = Token("from-environment") with { Literal = "literal", File = file };
        Assert.Equal("literal", all.Read());
        Assert.Equal("from-file", (all with { Literal = null }).Read());
        Assert.Equal("from-environment", (all with { Literal = null, File = null }).Read());
        Assert.Equal("from-folder", Token(null).Read());
    }

    [Fact]
    public void Read_FileOpenToOthers_SaysWhatToDo()
    {
        string path = WriteToken("token", "secret", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        CommandFailureException error = Assert.Throws<CommandFailureException>(() => Token(null).Read());
        Assert.Equal(ClientExitCode.Token, error.ExitCode);
        Assert.Contains($"chmod 600 {path}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NothingThere_SaysWhereItLooked()
    {
        CommandFailureException error = Assert.Throws<CommandFailureException>(() => Token(null).Read());
        Assert.Equal(ClientExitCode.Connection, error.ExitCode);
        Assert.Contains(Path.Combine(_folder, "token"), error.Message, StringComparison.Ordinal);
        Assert.Contains("'relay login'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_User_IsSignedWithTheKeyOfTheFolder()
    {
        WriteKey();
        string token = (Token("not this") with { User = "alice" }).Read();
        Assert.Equal(3, token.Split('.').Length);
        string payload = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.Split('.')[1]));
        Assert.Contains("\"sub\":\"alice\"", payload, StringComparison.Ordinal);
        Assert.Contains("\"iss\":\"an issuer\"", payload, StringComparison.Ordinal);
        Assert.Contains("\"aud\":\"an audience\"", payload, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_UserWhereTheRelaysTokenIsBroken_SaysSo()
    {
        WriteKey();
        string path = WriteToken("token", "not a token", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        CommandFailureException error = Assert.Throws<CommandFailureException>(() => (Token(null) with { User = "alice" }).Read());
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_UserWithoutARunningRelay_SaysWhatIsMissing() =>
        Assert.Contains(_folder, Assert.Throws<CommandFailureException>(() => (Token(null) with { User = "alice" }).Read()).Message, StringComparison.Ordinal);

    private ConnectionToken Token(string? fromEnvironment) => new()
    {
        DataFolder = _folder,
        Environment = name => name == ConnectionToken.Variable ? fromEnvironment : null,
    };

    private void WriteKey()
    {
        var key = SigningKey.CreateEs256("local");
        SigningKeyFile.Write(Path.Combine(_folder, "signing-key"), key);
        string token = new TokenMinter(new TrustedKey("an issuer", key), "an audience", TimeProvider.System).Mint("guest", TimeSpan.FromHours(1));
        WriteToken("token", token, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private string WriteToken(string name, string token, UnixFileMode mode)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, token + "\n");
        File.SetUnixFileMode(path, mode);
        return path;
    }
}
