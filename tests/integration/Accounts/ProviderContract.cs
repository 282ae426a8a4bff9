using System.Globalization;
using System.Net;
using System.Text.Json;
using RelayServer.Accounts;
using RelayServer.Accounts.Http;
using RelayServer.Accounts.Providers;
using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary>Sign-in with the id token of an OpenID Connect provider.</summary>
public abstract class ProviderContract(IDatabaseHost host) : AuthContract(host)
{
    private TestIssuer? _issuer;
    private int _tokens;

    private TestIssuer Issuer => _issuer!;

    public override async ValueTask InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync(Cancel);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await Issuer.DisposeAsync();
    }

    internal override void Configure(AuthOptions options) => options.Providers =
    [
        new AuthProviderOptions { Name = "example", Issuer = Issuer.Issuer, Audience = TestIssuer.Audience, AllowLoopbackHttp = true },
    ];

    [Theory]
    [InlineData("rsa-1")]
    [InlineData("ec-1")]
    public async Task SignIn_GoodToken_IsTheSameUserEachTime(string key)
    {
        AuthAnswer first = (await SignInAsync(Issuer.Sign(Claims(), key))).Good();
        AuthAnswer second = (await SignInAsync(Issuer.Sign(Claims(), "rsa-1"))).Good();
        AuthAnswer other = (await SignInAsync(Issuer.Sign(Issuer.Claims(Clock.GetUtcNow(), "user-2"), key))).Good();
        Assert.Equal(first.UserId, second.UserId);
        Assert.NotEqual(first.UserId, other.UserId);
        Assert.Equal(1, Issuer.Reads);
    }

    [Fact]
    public async Task SignIn_ExpiredToken_IsRefused()
    {
        string token = Issuer.Sign(Claims());
        Clock.AdvanceSeconds(300 + 30);
        await RefusedAsync(token, "expired");
    }

    [Fact]
    public async Task SignIn_UnsignedToken_IsRefused()
    {
        string claims = TestIssuer.Encode(JsonSerializer.Serialize(Claims()));
        await RefusedAsync($"{TestIssuer.Encode("""{"alg":"none","kid":"rsa-1"}""")}.{claims}.", "signed token");
        await RefusedAsync($"{TestIssuer.Encode("""{"alg":"none","kid":"rsa-1"}""")}.{claims}.AAAA", "\"alg\"");
    }

    [Fact]
    public async Task SignIn_TokenOfAForeignKey_IsRefused()
    {
        await using TestIssuer foreign = await TestIssuer.StartAsync(Cancel);
        await RefusedAsync(foreign.Sign(Claims()), "signature");
        await RefusedAsync(foreign.Sign(foreign.Claims(Clock.GetUtcNow())), "\"iss\"", "signature");
    }

    [Theory]
    [InlineData("iss", "https://other.example", "\"iss\"")]
    [InlineData("aud", "another-client", "\"aud\"")]
    [InlineData("azp", "another-client", "\"azp\"")]
    [InlineData("exp", null, "\"exp\"")]
    [InlineData("iat", null, "\"iat\"")]
    [InlineData("sub", null, "\"sub\"")]
    [InlineData("sub", "", "\"sub\"")]
    [InlineData("nonce", "other", "\"nonce\"")]
    public async Task SignIn_ClaimThatDoesNotFit_IsRefused(string claim, string? value, string problem)
    {
        Dictionary<string, object?> claims = Claims();
        claims["nonce"] = "mine";
        claims[claim] = value;
        if (value is null)
        {
            claims.Remove(claim);
        }

        await RefusedAsync(Issuer.Sign(claims), [problem], "mine");
    }

    [Theory]
    [InlineData("nbf")]
    [InlineData("iat")]
    public async Task SignIn_TokenOfTheFuture_IsRefused(string claim)
    {
        Dictionary<string, object?> claims = Claims();
        claims[claim] = Clock.GetUtcNow().AddMinutes(1).ToUnixTimeSeconds();
        await RefusedAsync(Issuer.Sign(claims), "future");
    }

    // Of a token that another client may show as its own, nobody knows who shows it here.
    [Fact]
    public async Task SignIn_TokenForSeveralClients_IsRefused()
    {
        Dictionary<string, object?> claims = Claims();
        claims["aud"] = new[] { TestIssuer.Audience, "another-client" };
        await RefusedAsync(Issuer.Sign(claims), "\"aud\"");
        claims["aud"] = new[] { TestIssuer.Audience };
        (await SignInAsync(Issuer.Sign(claims))).Good();
    }

    [Fact]
    public async Task SignIn_TokenASecondTime_IsRefusedUntilLongAfterItsExpiry()
    {
        Dictionary<string, object?> claims = Claims();
        claims["exp"] = Clock.GetUtcNow().AddHours(20).ToUnixTimeSeconds();
        string token = Issuer.Sign(claims, "ec-1");
        (await SignInAsync(token)).Good();
        await RefusedAsync(token, "used");

        // Another signature of the same claims is the same token.
        await RefusedAsync(Issuer.Sign(claims, "ec-1"), "used");
        Clock.Advance(TimeSpan.FromHours(19));
        await Server.Upkeep.KeepAsync(Cancel);
        await RefusedAsync(token, "used");
    }

    [Fact]
    public async Task SignIn_AboveALimit_DoesNotUseTheToken()
    {
        Options.RegistrationsPerAddressHourMax = 1;
        (await SignInAsync(Issuer.Sign(Claims()))).Good();
        Dictionary<string, object?> claims = Issuer.Claims(Clock.GetUtcNow(), "user-2");
        claims["exp"] = Clock.GetUtcNow().AddHours(2).ToUnixTimeSeconds();
        string token = Issuer.Sign(claims);
        (await SignInAsync(token)).Refused(429, "too_many_attempts");
        (await SignInAsync(token)).Refused(429, "too_many_attempts");

        Clock.Advance(TimeSpan.FromHours(1));
        (await SignInAsync(token)).Good();
        await RefusedAsync(token, "used");
    }

    [Fact]
    public async Task Link_AboveALimit_DoesNotUseTheToken()
    {
        Options.IdentitiesPerAccountMax = 1;
        AuthAnswer alice = await RegisterAsync();
        string token = Issuer.Sign(Claims());
        (await PostAsync("/provider/link", new { provider = "example", id_token = token, refresh_token = alice.Refresh }, alice.Access)).Refused(409, "limit_reached");
        (await SignInAsync(token)).Good();
    }

    [Fact]
    public async Task SignIn_SameTokenAtTheSameTime_ExactlyOneSucceeds()
    {
        string token = Issuer.Sign(Claims());
        AuthAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => SignInAsync(token)));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(5, answers.Count(answer => answer.Error == "provider_token_refused"));
    }

    [Fact]
    public async Task SignIn_TokenThatLivesLongerThanADay_IsRefused()
    {
        Dictionary<string, object?> claims = Claims();
        claims["exp"] = Clock.GetUtcNow().AddHours(25).ToUnixTimeSeconds();
        await RefusedAsync(Issuer.Sign(claims), "longer than a day");
    }

    [Fact]
    public async Task SignIn_KeySetWithATextThatIsNone_OtherKeysAreUsed()
    {
        string broken = Issuer.KeySet.Replace("[", """[{"kid":"\ud800","kty":"RSA"},{"kid":"a","kty":"\ud800"},""", StringComparison.Ordinal);
        Issuer.Override = path => path == "/keys" ? (200, broken) : null;
        (await SignInAsync(Issuer.Sign(Claims()))).Good();
    }

    [Theory]
    [InlineData("azp")]
    [InlineData("sub")]
    public async Task SignIn_ClaimWithATextThatIsNone_IsRefused(string claim)
    {
        string json = JsonSerializer.Serialize(Claims().Where(pair => pair.Key != claim).ToDictionary());
        await RefusedAsync(Issuer.Sign([], json: $"{json[..^1]},\"{claim}\":\"\\ud800\"}}"), $"\"{claim}\"", "signature");
    }

    [Fact]
    public async Task SignIn_ClaimWithANameThatIsNoText_IsRefused()
    {
        string json = JsonSerializer.Serialize(Claims());
        await RefusedAsync(Issuer.Sign([], json: $"{json[..^1]},\"\\ud800\":7}}"), "claims", "signature");
    }

    [Fact]
    public async Task SignIn_ClaimThatIsThereTwice_IsRefused()
    {
        string json = JsonSerializer.Serialize(Claims());
        await RefusedAsync(Issuer.Sign([], json: json[..^1] + ",\"sub\":\"admin\"}"), "twice");
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("ES256")]
    [InlineData("RS512")]
    public async Task SignIn_AlgorithmThatIsNotTheKeys_IsRefused(string algorithm) =>
        await RefusedAsync(Issuer.Sign(Claims(), "rsa-1", algorithm), "\"alg\"");

    [Fact]
    public async Task SignIn_RsaKeyThatIsTooShort_IsRefused()
    {
        Issuer.AddRsa("short", 1024);
        await RefusedAsync(Issuer.Sign(Claims(), "short"), "no usable key");
    }

    [Fact]
    public async Task SignIn_KeysReplaced_NewOneIsFoundAndTheOldOneIsNotAnyMore()
    {
        (await SignInAsync(Issuer.Sign(Claims()))).Good();
        string second = Issuer.Sign(Claims());
        Issuer.AddRsa("rsa-2");
        string next = Issuer.Sign(Claims(), "rsa-2");
        Issuer.RemoveKey("rsa-1");

        // Who asks for keys that nobody has must not make the server ask again and again.
        (await SignInAsync(next)).Refused(401, "provider_token_refused");
        Clock.AdvanceSeconds(31);
        (await SignInAsync(next)).Good();
        (await SignInAsync(second)).Refused(401, "provider_token_refused");
        Assert.Equal(2, Issuer.Reads);
    }

    [Fact]
    public async Task SignIn_ProviderAway_KnownKeysAreUsedForADay()
    {
        (await SignInAsync(Issuer.Sign(Claims()))).Good();
        Issuer.Override = _ => (500, "{}");
        Clock.Advance(TimeSpan.FromHours(23));
        (await SignInAsync(Issuer.Sign(Claims()))).Good();
        Clock.Advance(TimeSpan.FromHours(2));
        (await SignInAsync(Issuer.Sign(Claims()))).Refused(401, "provider_token_refused");
    }

    [Theory]
    [InlineData("/.well-known/openid-configuration", 302, "{}")]
    [InlineData("/.well-known/openid-configuration", 200, "not json")]
    [InlineData("/.well-known/openid-configuration", 200, """{"issuer":"https://other.example","jwks_uri":"https://other.example/keys"}""")]
    [InlineData("/keys", 302, "{}")]
    [InlineData("/keys", 200, "[]")]
    [InlineData("/keys", 200, """{"keys":7}""")]
    public async Task SignIn_ProviderPublishesSomethingElse_IsRefused(string where, int status, string body)
    {
        Issuer.Override = path => path == where ? (status, body) : null;
        (await SignInAsync(Issuer.Sign(Claims()))).Refused(401, "provider_token_refused");
    }

    [Fact]
    public async Task SignIn_KeySetLargerThanAllowed_IsRefused()
    {
        Issuer.Override = path => path == "/keys" ? (200, new string(' ', 300_000) + """{"keys":[]}""") : null;
        (await SignInAsync(Issuer.Sign(Claims()))).Refused(401, "provider_token_refused");
    }

    [Fact]
    public async Task SignIn_KeysAboveTheirBound_AreRefused()
    {
        JsonElement[] keys = [.. JsonDocument.Parse(Issuer.KeySet).RootElement.GetProperty("keys").EnumerateArray()];
        int count = ProviderKeyDocument.KeysMax + 1;
        Issuer.Override = path => path == "/keys" ? (200, JsonSerializer.Serialize(new { keys = Enumerable.Range(0, count).Select(number => keys[Math.Min(number, 1)]) })) : null;
        (await SignInAsync(Issuer.Sign(Claims()))).Refused(401, "provider_token_refused");

        count--;
        Clock.AdvanceSeconds(31);
        (await SignInAsync(Issuer.Sign(Claims()))).Good();
    }

    [Fact]
    public async Task SignIn_SubjectOrTokenAboveItsBound_IsRefused()
    {
        (await SignInAsync(Issuer.Sign(Issuer.Claims(Clock.GetUtcNow(), new string('s', ProviderToken.SubjectCharactersMax))))).Good();
        await RefusedAsync(Issuer.Sign(Issuer.Claims(Clock.GetUtcNow(), new string('s', ProviderToken.SubjectCharactersMax + 1))), "subject");

        string token = Issuer.Sign(Claims());
        (await SignInAsync(token.PadRight(ProviderToken.TokenCharactersMax + 1, 'A'))).Refused(400, "invalid_request");
        (await SignInAsync(token, new string('n', AuthLimits.NonceCharactersMax + 1))).Refused(400, "invalid_request");
    }

    [Fact]
    public async Task SignIn_ProviderThatIsNotConfigured_IsNotFound() =>
        (await PostAsync("/provider/sign-in", new { provider = "other", id_token = Issuer.Sign(Claims()) })).Refused(404, "not_found");

    [Fact]
    public async Task Link_ProviderToAnAccount_BothSignInToItAndAnotherCannot()
    {
        AuthAnswer alice = await RegisterAsync();
        (await LinkAsync(alice)).Good();
        Assert.Equal(alice.UserId, (await SignInAsync(Issuer.Sign(Claims()))).Good().UserId);
        AuthAnswer mallory = await RegisterAsync("mallory");
        (await LinkAsync(mallory)).Refused(409, "identity_taken");
    }

    [Fact]
    public async Task Link_WithoutTheRefreshTokenOfTheSignIn_IsRefusedAndTheTokenIsNotUsed()
    {
        AuthAnswer alice = await RegisterAsync();
        string token = Issuer.Sign(Claims());
        (await PostAsync("/provider/link", new { provider = "example", id_token = token }, alice.Access)).Refused(400, "invalid_request");
        (await PostAsync("/provider/link", new { provider = "example", id_token = token, refresh_token = "r1.x" }, alice.Access))
            .Refused(401, "invalid_refresh_token");
        (await SignInAsync(token)).Good();
    }

    [Fact]
    public async Task Link_SameProviderUserAtTheSameTime_OneWins()
    {
        AuthAnswer alice = await RegisterAsync();
        AuthAnswer bobby = await RegisterAsync("bobby");
        AuthAnswer[] answers = await Task.WhenAll(new[] { alice, bobby }.Select(LinkAsync));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.NoContent);
        Assert.Single(answers, answer => answer.Error == "identity_taken");
    }

    // Each of another token: one is good once.
    private Dictionary<string, object?> Claims() =>
        new(Issuer.Claims(Clock.GetUtcNow())) { ["jti"] = Interlocked.Increment(ref _tokens).ToString(CultureInfo.InvariantCulture) };

    private Task<AuthAnswer> LinkAsync(AuthAnswer user) => PostAsync(
        "/provider/link", new { provider = "example", id_token = Issuer.Sign(Claims()), refresh_token = user.Refresh }, user.Access);

    private Task<AuthAnswer> SignInAsync(string token, string? nonce = null) => PostAsync("/provider/sign-in", new { provider = "example", id_token = token, nonce });

    private Task RefusedAsync(string token, params string[] problems) => RefusedAsync(token, problems, null);

    private async Task RefusedAsync(string token, string[] problems, string? nonce)
    {
        string message = (await SignInAsync(token, nonce)).Refused(401, "provider_token_refused").Text("message");
        Assert.Contains(problems, problem => message.Contains(problem, StringComparison.Ordinal));
        Assert.DoesNotContain(token, message, StringComparison.Ordinal);
    }
}
