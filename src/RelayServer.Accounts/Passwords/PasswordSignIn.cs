using Microsoft.AspNetCore.Identity;
using RelayServer.Accounts.Accounts;
using RelayServer.Accounts.Limits;
using RelayServer.Accounts.Sessions;
using RelayServer.Storage;

namespace RelayServer.Accounts.Passwords;

/// <summary>Sign-in by name and password. A name that nobody has costs as much as a known one, and is throttled alike.</summary>
internal sealed class PasswordSignIn(AuthContext context, AccountService accounts, PasswordChecker checker)
{
    private const string AccountKind = "password-account";
    private const string AddressKind = "password-address";

    /// <summary>Makes an account with a name and a password.</summary>
    /// <exception cref="AuthException">The name is taken, or new accounts are not made.</exception>
    public async Task<OpenedSession> RegisterAsync(string name, string password, CountedClient client, CancellationToken cancellationToken)
    {
        // Before the hash, which is work: who tries names out must not keep others from signing in.
        await context.DecideAsync<bool>(
            async session => (await accounts.AdmitAsync(session, client) ?? await FindTakenAsync(session, name)) is { } problem ? problem : true,
            cancellationToken);
        ProvenIdentity identity = await CreateIdentityAsync(name, password, cancellationToken);
        OpenedSession opened = await context.DecideAsync<OpenedSession>(
            async session => await FindTakenAsync(session, name) is { } problem ? problem : await accounts.CreateAsync(session, identity),
            cancellationToken);
        AuthMetrics.AddSignIn(IdentityKind.Password);
        return opened;
    }

    /// <summary>Signs in.</summary>
    /// <exception cref="AuthException">Name or password is wrong, or was too often.</exception>
    public async Task<OpenedSession> SignInAsync(string name, string password, CountedClient client, CancellationToken cancellationToken)
    {
        string nameHash = HashOf(name);
        (IdentityRow? identity, PasswordVerificationResult result) = await CheckAsync(nameHash, password, client, cancellationToken);
        if (identity is null || result == PasswordVerificationResult.Failed)
        {
            throw new AuthException(AuthProblem.WrongPassword);
        }

        string? better = result == PasswordVerificationResult.SuccessRehashNeeded ? await checker.HashAsync(password, cancellationToken) : null;
        OpenedSession opened = await context.DecideAsync<OpenedSession>(
            async session =>
            {
                // Unlinked or changed while it was checked.
                IdentityRow? now = await AccountStore.FindAsync(session, IdentityKind.Password, nameHash);
                if (now is null || now.IdentityId != identity.IdentityId || now.Secret != identity.Secret)
                {
                    return AuthProblem.WrongPassword;
                }

                Decision<OpenedSession> opened = await accounts.SignInAsync(
                    session, new ProvenIdentity(IdentityKind.Password, nameHash, identity.Label), client);
                if (opened.Problem is not null)
                {
                    return opened;
                }

                await AttemptLedger.ReturnAsync(session, LimitsFor(nameHash, client));
                if (better is not null)
                {
                    await AccountStore.SetSecretAsync(session, identity.IdentityId, identity.Secret, better);
                }

                return opened;
            },
            cancellationToken);
        AuthMetrics.AddSignIn(IdentityKind.Password);
        return opened;
    }

    /// <summary>Links a name and password to the account of who is signed in.</summary>
    /// <exception cref="AuthException">The name is taken, or the account has one.</exception>
    public async Task LinkAsync(ConfirmedUser user, string name, string password, CountedClient client, CancellationToken cancellationToken)
    {
        await context.DecideAsync<bool>(
            async session => (await accounts.ConfirmAsync(session, user) ?? await accounts.CountNameAsync(session, client)
                ?? await FindTakenAsync(session, name, user.User)) is { } problem ? problem : true,
            cancellationToken);
        ProvenIdentity identity = await CreateIdentityAsync(name, password, cancellationToken);
        await context.DecideAsync<bool>(
            async session => await FindTakenAsync(session, name, user.User) is { } problem
                ? problem
                : await accounts.LinkAsync(session, user, () => Task.FromResult<Decision<ProvenIdentity>>(identity)),
            cancellationToken);
    }

    /// <summary>Changes the password of who is signed in and knows the old one. All their other sign-ins end.</summary>
    /// <exception cref="AuthException">The old password is wrong, or was too often.</exception>
    public async Task ChangeAsync(
        SignedInUser user, string name, string before, string after, CountedClient client, CancellationToken cancellationToken)
    {
        string nameHash = HashOf(name);
        (IdentityRow? identity, PasswordVerificationResult result) = await CheckAsync(nameHash, before, client, cancellationToken);
        if (identity is null || identity.UserId != user.UserId || result == PasswordVerificationResult.Failed)
        {
            throw new AuthException(AuthProblem.WrongPassword);
        }

        string hash = await checker.HashAsync(after, cancellationToken);
        await context.DecideAsync<bool>(
            async session =>
            {
                if (await AccountStore.SetSecretAsync(session, identity.IdentityId, identity.Secret, hash) == 0)
                {
                    return AuthProblem.WrongPassword;
                }

                await AttemptLedger.ReturnAsync(session, LimitsFor(nameHash, client));
                await session.ExecuteAsync(
                    "UPDATE sessions SET revoked_at = @Now WHERE user_id = @UserId AND session_id <> @SessionId AND revoked_at IS NULL",
                    new { user.UserId, user.SessionId, Now = context.NowMilliseconds });
                return true;
            },
            cancellationToken);
    }

    private AttemptLimit[] LimitsFor(string nameHash, CountedClient client)
    {
        var period = TimeSpan.FromMinutes(context.Options.PasswordFailureMinutes);
        return
        [
            new(AccountKind, nameHash, context.Options.PasswordFailuresPerAccountMax, period),
            .. client.Limit(AddressKind, context.Options.PasswordFailuresPerAddressMax, period),
        ];
    }

    // What is wrong with a name that somebody has: whom, the owner alone is told.
    private async Task<AuthProblem?> FindTakenAsync(DatabaseSession session, string name, SignedInUser? user = null)
    {
        IdentityRow? taken = await AccountStore.FindAsync(session, IdentityKind.Password, HashOf(name));
        return taken is null ? null : taken.UserId == user?.UserId ? AuthProblem.PasswordLinked : AuthProblem.NameTaken;
    }

    private string HashOf(string name) => context.Secret.HashOf(IdentityKind.Password, name);

    private async Task<ProvenIdentity> CreateIdentityAsync(string name, string password, CancellationToken cancellationToken) =>
        new(IdentityKind.Password, HashOf(name), name, await checker.HashAsync(password, cancellationToken));

    // Counted as wrong before it is looked at, and taken back when it was right: who tries many at once gains nothing.
    private async Task<(IdentityRow? Identity, PasswordVerificationResult Result)> CheckAsync(
        string nameHash, string password, CountedClient client, CancellationToken cancellationToken)
    {
        IdentityRow? identity = null;
        await context.DecideAsync<bool>(
            async session =>
            {
                if (await AttemptLedger.TryTakeAsync(session, context.Now, LimitsFor(nameHash, client)) is { } wait)
                {
                    return AuthProblem.TooMany("too many wrong passwords", wait);
                }

                identity = await AccountStore.FindAsync(session, IdentityKind.Password, nameHash);
                return true;
            },
            cancellationToken);
        return (identity, await checker.VerifyAsync(identity?.Secret, password, cancellationToken));
    }
}
