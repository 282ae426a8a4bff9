using System.IO.Pipelines;
using System.Text;
using RelayServer.Cli.Accounts;
using RelayServer.Cli.Connections;
using RelayServer.IntegrationTests.Cli;
using RelayServer.IntegrationTests.Host;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary>Chats that are open while the access tokens expire with which they were begun, or their sign-ins end.</summary>
public sealed class LoginExpiryTests : AccountCommands
{
    private const int TokenSeconds = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(TokenSeconds + 60);

    [Fact]
    public async Task Chat_TokenExpires_GoesOnWithANewOneWithoutAWord()
    {
        await using RunningRelay relay = await StartAsync("--set", $"Auth:AccessTokenSeconds={TokenSeconds}", "--set", "Tokens:SkewSeconds=0");
        await relay.ReadyAsync();
        await RegisterAsync();
        string first = StoredLogin.Read(Data)!.RefreshToken;
        var alice = new ChatRun(string.Empty);
        var typed = new Pipe();
        Task<int> chat = alice.StartAsync(typed.Reader.AsStream(), alice.Output, "lobby", "--edge", EdgeOf(relay), "--data", Data);
        await alice.Error.WaitForAsync("connected to").WaitAsync(Patience, Cancel);

        await Eventually.TrueAsync(() => StoredLogin.Read(Data)!.RefreshToken != first, Patience, () => "the token was not renewed");
        await typed.Writer.WriteAsync(Encoding.UTF8.GetBytes("still here\n"), Cancel);
        await typed.Writer.CompleteAsync();
        Assert.Equal(ClientExitCode.Done, await chat.WaitAsync(Patience, Cancel));
        string[] told = alice.Error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("relay chat: connected to", told[0], StringComparison.Ordinal);
        Assert.StartsWith("relay chat: published 1, acked 1", told[1], StringComparison.Ordinal);
        Assert.Equal(2, told.Length);
    }

    [Fact]
    public async Task Chat_SignedOutElsewhere_EndsLongBeforeTheTokenDoesAndOthersGoOn()
    {
        await using RunningRelay relay = await StartAsync();
        await relay.ReadyAsync();
        string here = File("carol");
        string there = File("carol-there");
        await RegisterAsync();
        await RegisterAsync("carol", here, AuthOf(relay));
        await DoneAsync("login", "--user", "carol", "--password-file", Secret("p", "correct horse"), "--data", there, "--auth", AuthOf(relay));
        var alice = new ChatRun(string.Empty);
        var carol = new ChatRun(string.Empty);
        var aliceTypes = new Pipe();
        Task<int> aliceChat = alice.StartAsync(aliceTypes.Reader.AsStream(), alice.Output, "lobby", "--edge", EdgeOf(relay), "--data", Data);
        Task<int> carolChat = carol.StartAsync(new Pipe().Reader.AsStream(), carol.Output, "lobby", "--edge", EdgeOf(relay), "--data", here);
        await alice.Error.WaitForAsync("connected to").WaitAsync(Patience, Cancel);
        await carol.Error.WaitForAsync("connected to").WaitAsync(Patience, Cancel);

        await DoneAsync("logout", "--everywhere", "--data", there);
        Assert.Equal(ClientExitCode.Token, await carolChat.WaitAsync(Patience, Cancel));
        Assert.Contains("this sign-in has ended; sign in with 'relay login'", carol.Error.ToString(), StringComparison.Ordinal);
        Assert.False(aliceChat.IsCompleted);
        await aliceTypes.Writer.CompleteAsync();
        Assert.Equal(ClientExitCode.Done, await aliceChat.WaitAsync(Patience, Cancel));
    }
}
