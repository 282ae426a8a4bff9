using System.CommandLine;
using RelayServer.Cli.Chat;

namespace RelayServer.UnitTests.Cli;

public sealed class ChatCommandTests
{
    [Theory]
    [InlineData("chat", "name a room, as in 'relay chat lobby'")]
    [InlineData("chat a --room b", "name one room")]
    [InlineData("chat a --count x", "--count takes a whole number, not 'x'")]
    [InlineData("chat a --count 99999999999", "--count takes a whole number")]
    [InlineData("chat a --history x", "--history takes a whole number")]
    [InlineData("chat --room bad/name", "'bad/name' cannot name a room: a name is a letter or digit, then letters, digits, '.', '_' and '-', at most 128")]
    [InlineData("chat --room a --edge nowhere", "'nowhere' is not host:port")]
    [InlineData("chat --room a --history 1001", "--history takes 0 to 1000")]
    [InlineData("chat --room a --count 0", "--count takes 1 or more")]
    [InlineData("chat --room a --history 5 --from-start", "exclude each other")]
    public void Parse_WrongUsage_SaysWhat(string line, string message)
    {
        ParseResult result = Root().Parse(line);
        Assert.Contains(result.Errors, error => error.Message.Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("chat --room a")]
    [InlineData("chat a --user alice --server 127.0.0.1:7401")]
    [InlineData("chat -r a -e h:1 --edge [::1]:2 --json --count 3 --echo --listen --quiet --tls --token-file f --data d")]
    [InlineData("chat -r a --history 0")]
    public void Parse_RightUsage_HasNoErrors(string line) => Assert.Empty(Root().Parse(line).Errors);

    private static RootCommand Root() => new() { ChatCommand.Create() };
}
