using System.Collections.Concurrent;
using RelayServer.Identity;
using RelayServer.IntegrationTests.Accounts;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Identity;

/// <summary>Keys and revocations from addresses.</summary>
public sealed class RemoteKeySetTests : IAsyncLifetime
{
    private const string Issuer = "relay-auth";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly AuthClock _clock = new();
    private readonly ConcurrentQueue<string?> _reports = new();
    private readonly SigningKey _first = SigningKey.CreateEs256("first");
    private readonly SigningKey _second = SigningKey.CreateEs256("second");
    private DocumentServer? _server;

    private DocumentServer Server => _server!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await DocumentServer.StartAsync();
        Publish(_first);
        Server.Set("/revoked", RevocationDocument.Write(["lost"]));
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Fact]
    public async Task Validate_TokenOfAPublishedKey_IsGoodWithoutAskingAgain()
    {
        await using RemoteKeySet keys = await StartAsync();
        TokenValidator validator = Validator(keys);
        Assert.Null(keys.NotReadyReason);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(TokenStatus.Valid, (await validator.ValidateAsync(Mint(_first))).Status);
        }

        Assert.Equal(1, Server.Asked("/keys"));
        Assert.Equal(TokenStatus.Invalid, (await validator.ValidateAsync(Mint(_first, issuer: "other"))).Status);
    }

    [Fact]
    public async Task Validate_NewKey_IsFoundAtOnceButNotMoreOftenThanAllowed()
    {
        await using RemoteKeySet keys = await StartAsync();
        TokenValidator validator = Validator(keys);
        Publish(_first, _second);
        Assert.Equal(TokenStatus.Invalid, (await validator.ValidateAsync(Mint(_second))).Status);
        Assert.Equal(1, Server.Asked("/keys"));
        _clock.AdvanceSeconds(11);
        TokenResult[] results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => validator.ValidateAsync(Mint(_second)).AsTask()));
        Assert.All(results, result => Assert.Equal(TokenStatus.Valid, result.Status));
        Assert.Equal(2, Server.Asked("/keys"));
    }

    [Fact]
    public async Task Validate_ManyTokensOfKeysThatNobodyHas_AskOnce()
    {
        await using RemoteKeySet keys = await StartAsync();
        TokenValidator validator = Validator(keys);
        _clock.AdvanceSeconds(11);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => validator.ValidateAsync(Mint(SigningKey.CreateEs256($"k{number}"))).AsTask()));
        Assert.Equal(2, Server.Asked("/keys"));
    }

    [Fact]
    public async Task Validate_ServerAway_LastKeysHoldAndItIsReported()
    {
        await using RemoteKeySet keys = await StartAsync();
        TokenValidator validator = Validator(keys);
        Server.Set("/keys", null);
        _clock.AdvanceSeconds(11);
        Assert.Equal(TokenStatus.Invalid, (await validator.ValidateAsync(Mint(_second))).Status);
        Assert.Equal(TokenStatus.Valid, (await validator.ValidateAsync(Mint(_first))).Status);
        Assert.Contains(_reports, report => report?.Contains("503", StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData("""{"keys":[]}""")]
    [InlineData("{}")]
    [InlineData("no json")]
    public async Task Validate_ServerPublishesNoKeys_LastKeysHold(string document)
    {
        await using RemoteKeySet keys = await StartAsync();
        TokenValidator validator = Validator(keys);
        Server.Set("/keys", System.Text.Encoding.UTF8.GetBytes(document));
        _clock.AdvanceSeconds(11);
        Assert.Equal(TokenStatus.Invalid, (await validator.ValidateAsync(Mint(_second))).Status);
        Assert.Equal(TokenStatus.Valid, (await validator.ValidateAsync(Mint(_first))).Status);
    }

    // A text with half of a surrogate pair is JSON, and no text.
    [Theory]
    [InlineData("/revoked", """{"sessions":["\ud800"]}""")]
    [InlineData("/keys", """{"keys":[{"kid":"\ud800"},{"kid":"a","kty":"\ud800"}]}""")]
    [InlineData("/revoked", """{"\ud800":7,"\ud800":8}""")]
    [InlineData("/keys", """{"keys":[{"\ud800":7,"kid":"a"}]}""")]
    [InlineData("/keys", """{"keys":[7]}""")]
    public async Task Read_DocumentWithWhatIsNoText_IsReportedAndReadAgain(string path, string document)
    {
        await using RemoteKeySet keys = await StartAsync(TimeSpan.FromMilliseconds(20));
        Server.Set(path, System.Text.Encoding.UTF8.GetBytes(document));
        int asked = Server.Asked(path);
        await Eventually.TrueAsync(() => Server.Asked(path) > asked + 1, Patience, () => "it is not read again");

        Publish(_second);
        Server.Set("/revoked", RevocationDocument.Write(["later"]));
        await Eventually.TrueAsync(
            () => keys.Find(Issuer, "second") is not null && keys.IsRevoked(new TokenIdentity(Issuer, string.Empty, "later"), "alice"), Patience, () => "it is not read any more");
        Assert.Contains(_reports, report => report is not null);
    }

    [Fact]
    public async Task Validate_KeyThatIsNoLongerPublished_IsRefused()
    {
        await using RemoteKeySet keys = await StartAsync();
        TokenValidator validator = Validator(keys);
        Publish(_second);
        _clock.AdvanceSeconds(11);
        Assert.Equal(TokenStatus.Valid, (await validator.ValidateAsync(Mint(_second))).Status);
        Assert.Equal(TokenStatus.Invalid, (await validator.ValidateAsync(Mint(_first))).Status);
    }

    [Fact]
    public async Task Validate_RevokedSession_IsRefusedAndAnotherIssuersIsNot()
    {
        await using RemoteKeySet keys = await StartAsync();
        TokenValidator validator = Validator(keys);
        Assert.Equal(TokenStatus.Revoked, (await validator.ValidateAsync(Mint(_first, session: "lost"))).Status);
        Assert.Equal(TokenStatus.Valid, (await validator.ValidateAsync(Mint(_first, session: "kept"))).Status);
        Assert.False(keys.IsRevoked(new TokenIdentity("other", string.Empty, "lost"), "alice"));
    }

    [Fact]
    public async Task Refresh_TheSameListOnceMore_IsNoOther()
    {
        await using RemoteKeySet keys = await StartAsync(TimeSpan.FromMilliseconds(20));
        await PublishRevokedAsync("one", "two");
        int before = keys.Refresh();
        await PublishRevokedAsync("two", "one");
        Assert.Equal(before, keys.Refresh());
        await PublishRevokedAsync("two");
        Assert.NotEqual(before, keys.Refresh());

        // The second read begins when the first has been taken.
        async Task PublishRevokedAsync(params string[] sessions)
        {
            Server.Set("/revoked", RevocationDocument.Write(sessions));
            int asked = Server.Asked("/revoked");
            await Eventually.TrueAsync(() => Server.Asked("/revoked") > asked + 1, Patience, () => "it is not read again");
        }
    }

    [Fact]
    public async Task Start_ServerAway_IsNotReadyAndSaysWhy()
    {
        Server.Set("/keys", null);
        await using RemoteKeySet keys = await StartAsync();
        Assert.Contains("/keys", keys.NotReadyReason, StringComparison.Ordinal);
        Publish(_first);
        _clock.AdvanceSeconds(11);
        Assert.Equal(TokenStatus.Valid, (await Validator(keys).ValidateAsync(Mint(_first))).Status);
        Assert.Null(keys.NotReadyReason);
    }

    [Theory]
    [InlineData("http://keys.example/")]
    [InlineData("file:///keys")]
    public void Constructor_AddressOverAnOpenNetwork_IsRefused(string address) => Assert.Throws<ArgumentException>(
        () => new RemoteKeySet(new RemoteKeySetOptions { Issuer = Issuer, Address = new Uri(address) }, _clock, (_, _) => { }));

    private void Publish(params SigningKey[] keys) => Server.Set("/keys", KeySetDocument.Write(keys));

    private async Task<RemoteKeySet> StartAsync(TimeSpan? interval = null)
    {
        var options = new RemoteKeySetOptions { Issuer = Issuer, Address = Server.At("/keys"), RevocationsAddress = Server.At("/revoked") };
        var keys = new RemoteKeySet(
            new RemoteKeySetOptions
            {
                Issuer = Issuer,
                Address = options.Address,
                RevocationsAddress = options.RevocationsAddress,
                KeysInterval = interval ?? options.KeysInterval,
                RevocationsInterval = interval ?? options.RevocationsInterval,
            },
            _clock,
            (_, problem) => _reports.Enqueue(problem));
        await keys.StartAsync(Cancel);
        return keys;
    }

    private TokenValidator Validator(RemoteKeySet keys) =>
        new(new TokenValidatorOptions { Audience = "relay", Keys = [], KeySources = [keys], Revocations = [keys] }, _clock);

    private string Mint(SigningKey key, string issuer = Issuer, string? session = null) => new TokenMinter(new TrustedKey(issuer, key), "relay", _clock)
        .Mint(new TokenGrant { UserId = "alice", Lifetime = TimeSpan.FromMinutes(5), SessionId = session });
}
