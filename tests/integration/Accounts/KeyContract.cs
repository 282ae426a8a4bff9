using Microsoft.IdentityModel.JsonWebTokens;
using RelayServer.Accounts;
using RelayServer.Identity;
using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary>Signing keys: published before they sign, kept until their last token has expired.</summary>
public abstract class KeyContract(IDatabaseHost host) : AuthContract(host)
{
    [Fact]
    public async Task KeySet_AtTheStart_HasOnePublicKeyWithATag()
    {
        AuthAnswer set = (await GetAsync("/.well-known/jwks.json")).Good();
        IReadOnlyList<SigningKey> keys = KeySetDocument.Parse(await set.Message.Content.ReadAsByteArrayAsync(Cancel));
        Assert.False(Assert.Single(keys).CanSign);
        Assert.DoesNotContain("\"d\"", set.Body.ToString(), StringComparison.Ordinal);
        Assert.NotNull(set.Message.Headers.ETag);
        Assert.Equal(TimeSpan.FromMinutes(1), set.Message.Headers.CacheControl!.MaxAge);
    }

    [Fact]
    public async Task Rotation_WhenTheKeyIsOld_PublishesFirstThenSignsThenForgets()
    {
        AuthAnswer alice = await RegisterAsync();
        string old = KeyIdOf(alice.Access);

        await PassAsync(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(60) - TimeSpan.FromSeconds(1));
        Assert.Single(Server.Keys.Published);
        await PassAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(2, Server.Keys.Published.Count);
        alice = (await RefreshAsync(alice.Refresh)).Good();
        Assert.Equal(old, KeyIdOf(alice.Access));

        await PassAsync(TimeSpan.FromMinutes(59));
        alice = (await RefreshAsync(alice.Refresh)).Good();
        AuthAnswer last = alice;
        await PassAsync(TimeSpan.FromMinutes(2));
        alice = (await RefreshAsync(alice.Refresh)).Good();
        Assert.NotEqual(old, KeyIdOf(alice.Access));
        Assert.Equal(TokenStatus.Valid, (await ValidateAsync(last.Access)).Status);

        await PassAsync(TimeSpan.FromMinutes(11));
        Assert.Equal(KeyIdOf(alice.Access), Assert.Single(Server.Keys.Published).Id);
    }

    [Fact]
    public async Task Rotate_ByCommand_IsKnownToARunningServerAndLiveTokensStayGood()
    {
        AuthAnswer alice = await RegisterAsync();
        (string key, DateTimeOffset from) = await AuthServer.RotateKeyAsync(Options, atOnce: false, Clock, Logs, Cancel);
        Assert.Equal(Clock.GetUtcNow().AddMinutes(60), from);
        await PassAsync(TimeSpan.Zero);
        Assert.Contains(key, Server.Keys.Published.Select(item => item.Id));
        Assert.Equal(TokenStatus.Valid, (await ValidateAsync(alice.Access)).Status);
        Clock.Advance(TimeSpan.FromMinutes(60));
        Assert.Equal(key, KeyIdOf((await RefreshAsync(alice.Refresh)).Good().Access));
    }

    [Fact]
    public async Task Rotate_AtOnce_RefusesWhatTheOldKeySigned()
    {
        AuthAnswer alice = await RegisterAsync();
        (string key, _) = await AuthServer.RotateKeyAsync(Options, atOnce: true, Clock, Logs, Cancel);
        await PassAsync(TimeSpan.Zero);
        Assert.Equal(key, Assert.Single(Server.Keys.Published).Id);
        Assert.Equal(TokenStatus.Invalid, (await ValidateAsync(alice.Access)).Status);
        Assert.Equal(TokenStatus.Valid, (await ValidateAsync((await RefreshAsync(alice.Refresh)).Good().Access)).Status);
    }

    [Fact]
    public async Task Rotate_ByAnotherInstance_ItsTokensAreGoodHereAtOnce()
    {
        await AuthServer.RotateKeyAsync(Options, atOnce: true, Clock, Logs, Cancel);
        await using AuthServer other = await StartAsync();
        AuthAnswer alice = (await PostAsync("/password/register", new { name = "alice", password = Password }, server: other)).Good();
        Clock.AdvanceSeconds(5);
        (await GetAsync("/account", alice.Access)).Good();
    }

    [Fact]
    public async Task Start_SeveralInstancesAtOnce_ShareOneKey()
    {
        AuthServer[] others = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => StartAsync())));
        Assert.All(others, other => Assert.Equal(Server.Keys.Current.Id, other.Keys.Current.Id));
        foreach (AuthServer other in others)
        {
            await other.DisposeAsync();
        }
    }

    [Fact]
    public async Task Start_WithAnotherSecret_IsRefused()
    {
        Options.SecretFile += "-other";
        AuthStartException problem = await Assert.ThrowsAsync<AuthStartException>(() => StartAsync());
        Assert.Contains("is not the secret that this database was made with", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SecretThatOthersMayRead_IsRefused()
    {
        File.SetUnixFileMode(Options.SecretFile!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        AuthStartException problem = await Assert.ThrowsAsync<AuthStartException>(() => StartAsync());
        Assert.Contains("chmod 600", problem.Message, StringComparison.Ordinal);
    }

    private static string KeyIdOf(string token) => new JsonWebToken(token).Kid;

    private async Task PassAsync(TimeSpan time)
    {
        Clock.Advance(time);
        await Server.Upkeep.KeepAsync(Cancel);
    }
}
