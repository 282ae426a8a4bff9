using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using RelayServer.Cli.Accounts;
using RelayServer.Cli.Connections;
using RelayServer.IntegrationTests.Cli;
using RelayServer.IntegrationTests.Host;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary>Chats that are open while the access tokens expire with which they were begun.</summary>
public sealed class LoginExpiryTests : AccountCommands
{
    private const int TokenSeconds = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(TokenSeconds + 60);

    [Fact]
    public async Task Chat_TokenExpires_WhoIsSignedInGoesOnAndWhoIsNotIsToldWhy()
    {
        await using RunningRelay relay = await StartAsync("--set", $"Auth:AccessTokenSeconds={TokenSeconds}", "--set", "Tokens:SkewSeconds=0");
        await relay.ReadyAsync();
        string carolHere = File("carol");
        string carolThere = File("carol-there");
        await RegisterAsync();
        await RegisterAsync("carol", carolHere, AuthOf(relay));
        await DoneAsync("login", "--user", "carol", "--password-file", Secret("p", "correct horse"), "--data", carolThere, "--auth", AuthOf(relay));
        var alice = new ChatRun(string.Empty);
        var carol = new ChatRun(string.Empty);
        var aliceTypes = new Pipe();
        var carolTypes = new Pipe();
        Task<int> aliceChat = alice.StartAsync(aliceTypes.Reader.AsStream(), alice.Output, "lobby", "--edge", EdgeOf(relay), "--data", Data);
        Task<int> carolChat = carol.StartAsync(carolTypes.Reader.AsStream(), carol.Output, "lobby", "--edge", EdgeOf(relay), "--data", carolHere);
        await alice.Error.WaitForAsync("connected to").WaitAsync(Patience, Cancel);
        await carol.Error.WaitForAsync("connected to").WaitAsync(Patience, Cancel);
        string first = StoredLogin.Read(Data)!.RefreshToken;

        await DoneAsync("logout", "--everywhere", "--data", carolThere);
        long signedOut = Stopwatch.GetTimestamp();
        Assert.Equal(ClientExitCode.Token, await carolChat.WaitAsync(Patience, Cancel));
        Assert.InRange(Stopwatch.GetElapsedTime(signedOut).TotalSeconds, 0, TokenSeconds + 15);
        Assert.Contains("the refresh token is not accepted any more; sign in with 'relay login'", carol.Error.ToString(), StringComparison.Ordinal);

        await Eventually.TrueAsync(() => StoredLogin.Read(Data)!.RefreshToken != first, Patience, () => "alice's token was not renewed");
        await aliceTypes.Writer.WriteAsync(Encoding.UTF8.GetBytes("still here\n"), Cancel);
        await aliceTypes.Writer.CompleteAsync();
        Assert.Equal(ClientExitCode.Done, await aliceChat.WaitAsync(Patience, Cancel));
        string[] told = alice.Error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("relay chat: connected to", told[0], StringComparison.Ordinal);
        Assert.StartsWith("relay chat: published 1, acked 1", told[1], StringComparison.Ordinal);
        Assert.Equal(2, told.Length);
    }
}
