using RelayServer.Accounts.Accounts;
using RelayServer.Accounts.Keys;
using RelayServer.Accounts.Passwords;
using RelayServer.Accounts.Phones;
using RelayServer.Accounts.Providers;
using RelayServer.Accounts.Sessions;
using RelayServer.Identity;

namespace RelayServer.Accounts.Http;

/// <summary>The table of everything that can be asked for; protocol/AUTH.md describes it.</summary>
internal sealed class AuthEndpoints(
    AuthOptions options,
    AccountService accounts,
    SessionService sessions,
    TokenIssuer tokens,
    SigningKeyRing keys,
    PhoneSignIn phones,
    PasswordSignIn passwords,
    ProviderSignIn providers)
{
    private const int PhoneCharactersMax = 32;
    private const int CodeCharactersMax = 16;
    private const int KeysCacheSeconds = 60;
    private const int RevocationsCacheSeconds = 5;
    private const string Handles = "abcdefghijklmnopqrstuvwxyz0123456789_-";

    private static readonly AuthProblem NoService = AuthProblem.Invalid(
        $"a service has a name of 1 to {TokenServiceName.CharactersMax} of a-z, 0-9 and -, beginning with a letter, that is not the relay's own");

    /// <summary>The table.</summary>
    public IReadOnlyList<AuthEndpoint> All =>
    [
        new("GET", "/.well-known/jwks.json", false, _ => Task.FromResult(new AuthReply(200, KeySetDocument.Write(keys.Published), KeysCacheSeconds))),
        new("GET", "/.well-known/relay-auth", false, _ => Task.FromResult(Describe())),
        new("GET", "/revocations", false, ListRevokedAsync),
        new("POST", "/phone/code", false, SendCodeAsync),
        new("POST", "/phone/sign-in", false, SignInByPhoneAsync),
        new("POST", "/phone/link", true, LinkPhoneAsync),
        new("POST", "/password/register", false, RegisterAsync),
        new("POST", "/password/sign-in", false, SignInByPasswordAsync),
        new("POST", "/password/link", true, LinkPasswordAsync),
        new("POST", "/password/change", true, ChangePasswordAsync),
        new("POST", "/provider/sign-in", false, SignInByProviderAsync),
        new("POST", "/provider/link", true, LinkProviderAsync),
        new("POST", "/refresh", false, RefreshAsync),
        new("POST", "/sign-out", false, SignOutAsync),
        new("POST", "/token", true, IssueForServiceAsync),
        new("GET", "/account", true, async request => AuthJson.Reply(await accounts.ReadAsync(request.SignedIn, request.Aborted))),
        new("PUT", "/account/handle", true, SetHandleAsync),
        new("DELETE", "/account", true, EraseAsync),
        new("DELETE", "/identities/", true, UnlinkAsync),
        new("GET", "/consents", true, async request => AuthJson.ReplyConsents(await accounts.ReadAsync(request.SignedIn, request.Aborted))),
        new("PUT", "/consents/", true, GrantAsync),
        new("DELETE", "/consents/", true, RevokeAsync),
    ];

    private AuthReply Describe() => AuthJson.Reply(new ServerAnswer(
        options.Issuer, options.Audience, phones.IsOn, true, [.. options.Providers.Select(provider => provider.Name)], options.Registration, options.PasswordCharactersMin));

    private async Task<AuthReply> ListRevokedAsync(AuthRequest request) =>
        new(200, RevocationDocument.Write(await sessions.ListRevokedAsync(request.Aborted)), RevocationsCacheSeconds);

    private async Task<AuthReply> SendCodeAsync(AuthRequest request)
    {
        string phone = request.Fields.Text("phone", PhoneCharactersMax);
        request.Fields.CheckAllRead();
        return PhoneNumber.TryNormalize(phone, out string number)
            ? AuthJson.Reply(await phones.SendCodeAsync(number, request.Client, request.Aborted))
            : throw new AuthException(AuthProblem.Invalid("phone: must be a number with its country code, such as +82 10 1234 5678"));
    }

    private async Task<AuthReply> SignInByPhoneAsync(AuthRequest request)
    {
        (string challenge, string code) = ReadCode(request);
        return AuthJson.Reply(tokens.Issue(await phones.SignInAsync(challenge, code, request.Client, request.Aborted)));
    }

    private async Task<AuthReply> LinkPhoneAsync(AuthRequest request)
    {
        ConfirmedUser user = request.Confirmed;
        (string challenge, string code) = ReadCode(request);
        await phones.LinkAsync(user, challenge, code, request.Aborted);
        return AuthReply.Done;
    }

    private async Task<AuthReply> RegisterAsync(AuthRequest request)
    {
        (string name, string password) = ReadNewPassword(request);
        return AuthJson.Reply(tokens.Issue(await passwords.RegisterAsync(name, password, request.Client, request.Aborted)));
    }

    private async Task<AuthReply> SignInByPasswordAsync(AuthRequest request)
    {
        string given = request.Fields.Text("name", LoginName.CharactersMax);
        string password = request.Fields.Text("password", PasswordChecker.PasswordCharactersMax);
        request.Fields.CheckAllRead();

        // A name that cannot be is one that nobody has: it is answered as such.
        string name = LoginName.TryNormalize(given, out string normal) ? normal : given;
        return AuthJson.Reply(tokens.Issue(await passwords.SignInAsync(name, password, request.Client, request.Aborted)));
    }

    private async Task<AuthReply> LinkPasswordAsync(AuthRequest request)
    {
        ConfirmedUser user = request.Confirmed;
        (string name, string password) = ReadNewPassword(request);
        await passwords.LinkAsync(user, name, password, request.Client, request.Aborted);
        return AuthReply.Done;
    }

    private async Task<AuthReply> ChangePasswordAsync(AuthRequest request)
    {
        string name = ReadName(request.Fields.Text("name", LoginName.CharactersMax));
        string before = request.Fields.Text("password", PasswordChecker.PasswordCharactersMax);
        string after = CheckPassword(request.Fields.Text("new_password", PasswordChecker.PasswordCharactersMax), "new_password");
        request.Fields.CheckAllRead();
        await passwords.ChangeAsync(request.SignedIn, name, before, after, request.Client, request.Aborted);
        return AuthReply.Done;
    }

    private async Task<AuthReply> SignInByProviderAsync(AuthRequest request)
    {
        (string provider, string token, string? nonce) = ReadProvider(request);
        return AuthJson.Reply(tokens.Issue(await providers.SignInAsync(provider, token, nonce, request.Client, request.Aborted)));
    }

    private async Task<AuthReply> LinkProviderAsync(AuthRequest request)
    {
        ConfirmedUser user = request.Confirmed;
        (string provider, string token, string? nonce) = ReadProvider(request);
        await providers.LinkAsync(user, provider, token, nonce, request.Aborted);
        return AuthReply.Done;
    }

    private async Task<AuthReply> RefreshAsync(AuthRequest request)
    {
        string token = request.Fields.Text("refresh_token", AuthLimits.RefreshTokenCharactersMax);
        request.Fields.CheckAllRead();
        return AuthJson.Reply(tokens.Issue(await sessions.RefreshAsync(token, request.Aborted)));
    }

    private async Task<AuthReply> SignOutAsync(AuthRequest request)
    {
        string token = request.Fields.Text("refresh_token", AuthLimits.RefreshTokenCharactersMax);
        bool everywhere = request.Fields.Flag("everywhere");
        request.Fields.CheckAllRead();
        await sessions.SignOutAsync(token, everywhere, request.Aborted);
        return AuthReply.Done;
    }

    private async Task<AuthReply> IssueForServiceAsync(AuthRequest request)
    {
        string service = CheckService(request.Fields.Text("service", TokenServiceName.CharactersMax), NoService);
        request.Fields.CheckAllRead();
        return AuthJson.Reply(await tokens.IssueForServiceAsync(request.SignedIn, service, request.Aborted));
    }

    private async Task<AuthReply> SetHandleAsync(AuthRequest request)
    {
        string? handle = request.Fields.OptionalText("handle", AccountService.HandleCharactersMax);
        request.Fields.CheckAllRead();
        if (handle is not null && (handle.Length < AccountService.HandleCharactersMin || handle.Any(letter => !Handles.Contains(letter, StringComparison.Ordinal))))
        {
            throw new AuthException(AuthProblem.Invalid(
                $"handle: has {AccountService.HandleCharactersMin} to {AccountService.HandleCharactersMax} characters of a-z, 0-9, '_' and '-'"));
        }

        await accounts.SetHandleAsync(request.SignedIn, handle, request.Aborted);
        return AuthReply.Done;
    }

    private async Task<AuthReply> EraseAsync(AuthRequest request)
    {
        ConfirmedUser user = request.Confirmed;
        request.Fields.CheckAllRead();
        await accounts.EraseAsync(user, request.Aborted);
        return AuthReply.Done;
    }

    private async Task<AuthReply> UnlinkAsync(AuthRequest request)
    {
        ConfirmedUser user = request.Confirmed;
        request.Fields.CheckAllRead();
        await accounts.UnlinkAsync(user, request.Item, request.Aborted);
        return AuthReply.Done;
    }

    private async Task<AuthReply> GrantAsync(AuthRequest request)
    {
        request.Fields.CheckAllRead();
        await accounts.GrantAsync(request.SignedIn, CheckService(request.Item, NoService), request.Aborted);
        return AuthReply.Done;
    }

    private async Task<AuthReply> RevokeAsync(AuthRequest request)
    {
        request.Fields.CheckAllRead();
        await accounts.RevokeAsync(request.SignedIn, CheckService(request.Item, AuthProblem.NotFound), request.Aborted);
        return AuthReply.Done;
    }

    private static (string Challenge, string Code) ReadCode(AuthRequest request)
    {
        string challenge = request.Fields.Text("challenge", AuthLimits.ChallengeCharactersMax);
        string code = request.Fields.Text("code", CodeCharactersMax);
        request.Fields.CheckAllRead();
        return (challenge, code.Trim());
    }

    private static (string Provider, string Token, string? Nonce) ReadProvider(AuthRequest request)
    {
        string provider = request.Fields.Text("provider", TokenServiceName.CharactersMax);
        string token = request.Fields.Text("id_token", ProviderToken.TokenCharactersMax);
        string? nonce = request.Fields.OptionalText("nonce", AuthLimits.NonceCharactersMax);
        request.Fields.CheckAllRead();
        return (provider, token, nonce);
    }

    private static string ReadName(string given) => LoginName.TryNormalize(given, out string name)
        ? name
        : throw new AuthException(AuthProblem.Invalid($"name: {LoginName.Rule}"));

    private (string Name, string Password) ReadNewPassword(AuthRequest request)
    {
        string name = ReadName(request.Fields.Text("name", LoginName.CharactersMax));
        string password = CheckPassword(request.Fields.Text("password", PasswordChecker.PasswordCharactersMax), "password");
        request.Fields.CheckAllRead();
        return (name, password);
    }

    private string CheckPassword(string password, string field) => password.Length >= options.PasswordCharactersMin
        ? password
        : throw new AuthException(AuthProblem.Invalid($"{field}: must have {options.PasswordCharactersMin} to {PasswordChecker.PasswordCharactersMax} characters"));

    // A token for a service of the audience's name would be one for the relay itself.
    private string CheckService(string service, AuthProblem problem) =>
        TokenServiceName.IsValid(service) && service != options.Audience ? service : throw new AuthException(problem);
}
