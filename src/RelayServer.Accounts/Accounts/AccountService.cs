using RelayServer.Accounts.Limits;
using RelayServer.Accounts.Sessions;
using RelayServer.Identity;
using RelayServer.Storage;

namespace RelayServer.Accounts.Accounts;

/// <summary>What somebody who is signed in can do with the account, and how a proven identity becomes a sign-in.</summary>
internal sealed class AccountService(AuthContext context, SessionService sessions)
{
    public const int HandleCharactersMax = 32;
    public const int HandleCharactersMin = 3;

    private const string RegistrationKind = "registration";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Signs in whoever has shown an identity, and makes an account for who has none.</summary>
    public async Task<Decision<OpenedSession>> SignInAsync(DatabaseSession session, ProvenIdentity identity, string addressHash)
    {
        IdentityRow? known = await AccountStore.FindAsync(session, identity.Kind, identity.Name);
        return known is not null
            ? await sessions.OpenAsync(session, known.UserId, isNew: false)
            : await RegisterAsync(session, identity, addressHash);
    }

    /// <summary>A new account.</summary>
    public async Task<Decision<OpenedSession>> RegisterAsync(DatabaseSession session, ProvenIdentity identity, string addressHash)
    {
        if (!context.Options.Registration)
        {
            return AuthProblem.RegistrationClosed;
        }

        var limit = new AttemptLimit(RegistrationKind, addressHash, context.Options.RegistrationsPerAddressHourMax, Hour);
        if (await AttemptLedger.TryTakeAsync(session, context.Now, limit) is { } wait)
        {
            return AuthProblem.TooMany("too many new accounts from this address", wait);
        }

        string userId = await AccountStore.CreateAsync(session, identity, context.NowMilliseconds);
        return await sessions.OpenAsync(session, userId, isNew: true);
    }

    /// <summary>Links an identity that was shown to the account of who is signed in.</summary>
    public async Task<Decision<bool>> LinkAsync(DatabaseSession session, SignedInUser user, ProvenIdentity identity)
    {
        if (!await sessions.IsAliveAsync(session, user))
        {
            return AuthProblem.InvalidToken;
        }

        if (await AccountStore.FindAsync(session, identity.Kind, identity.Name) is { } known)
        {
            return known.UserId == user.UserId ? true : AuthProblem.IdentityTaken;
        }

        IReadOnlyList<IdentityRow> own = await AccountStore.ListAsync(session, user.UserId);
        if (own.Count >= context.Options.IdentitiesPerAccountMax)
        {
            return AuthProblem.TooManyOf("ways to sign in", context.Options.IdentitiesPerAccountMax);
        }

        if (identity.Kind == IdentityKind.Password && own.Any(row => row.Kind == IdentityKind.Password))
        {
            return AuthProblem.PasswordLinked;
        }

        await AccountStore.AddAsync(session, user.UserId, identity, context.NowMilliseconds);
        return true;
    }

    /// <summary>Unlinks an identity, unless it is the last.</summary>
    public Task UnlinkAsync(SignedInUser user, string identityId, CancellationToken cancellationToken) => ChangeAsync(
        user,
        async session =>
        {
            IReadOnlyList<IdentityRow> own = await AccountStore.ListAsync(session, user.UserId);
            if (!own.Any(row => row.IdentityId == identityId))
            {
                return AuthProblem.NotFound;
            }

            if (own.Count == 1)
            {
                return AuthProblem.LastIdentity;
            }

            await AccountStore.RemoveAsync(session, identityId);
            return true;
        },
        cancellationToken);

    /// <summary>How the account is.</summary>
    public Task<AccountView> ReadAsync(SignedInUser user, CancellationToken cancellationToken) => context.Database.ReadAsync(
        async session =>
        {
            if (!await sessions.IsAliveAsync(session, user))
            {
                throw new AuthException(AuthProblem.InvalidToken);
            }

            return new AccountView(
                user.UserId,
                await session.FirstOrDefaultAsync<string?>("SELECT handle FROM accounts WHERE user_id = @UserId", new { user.UserId }),
                await AccountStore.ListAsync(session, user.UserId),
                await AccountStore.ListConsentsAsync(session, user.UserId),
                await sessions.CountAsync(session, user.UserId));
        },
        cancellationToken);

    /// <summary>Sets the handle, or with null takes it away.</summary>
    public Task SetHandleAsync(SignedInUser user, string? handle, CancellationToken cancellationToken) => ChangeAsync(
        user,
        async session =>
        {
            string? owner = handle is null
                ? null
                : await session.FirstOrDefaultAsync<string>("SELECT user_id FROM accounts WHERE handle = @Handle", new { Handle = handle });
            if (owner is not null && owner != user.UserId)
            {
                return AuthProblem.HandleTaken;
            }

            await session.ExecuteAsync("UPDATE accounts SET handle = @Handle WHERE user_id = @UserId", new { Handle = handle, user.UserId });
            return true;
        },
        cancellationToken);

    /// <summary>Allows a service.</summary>
    public Task GrantAsync(SignedInUser user, string service, CancellationToken cancellationToken) => ChangeAsync(
        user,
        async session =>
        {
            IReadOnlyList<string> granted = await AccountStore.ListConsentsAsync(session, user.UserId);
            if (granted.Contains(service))
            {
                return true;
            }

            if (granted.Count >= TokenServiceName.ConsentsMax)
            {
                return AuthProblem.TooManyOf("allowed services", TokenServiceName.ConsentsMax);
            }

            await session.ExecuteAsync(
                "INSERT INTO consents (user_id, service, granted_at) VALUES (@UserId, @Service, @Now)",
                new { user.UserId, Service = service, Now = context.NowMilliseconds });
            return true;
        },
        cancellationToken);

    /// <summary>Takes the permission back.</summary>
    public Task RevokeAsync(SignedInUser user, string service, CancellationToken cancellationToken) => ChangeAsync(
        user,
        async session => await session.ExecuteAsync(
            "DELETE FROM consents WHERE user_id = @UserId AND service = @Service", new { user.UserId, Service = service }) == 0
            ? AuthProblem.NotFound
            : true,
        cancellationToken);

    /// <summary>Takes the account and everything that names it away.</summary>
    public Task EraseAsync(SignedInUser user, CancellationToken cancellationToken) => ChangeAsync(
        user,
        async session =>
        {
            await AccountStore.EraseAsync(session, user.UserId, context.NowMilliseconds);
            return true;
        },
        cancellationToken);

    private Task<bool> ChangeAsync(SignedInUser user, Func<DatabaseSession, Task<Decision<bool>>> change, CancellationToken cancellationToken) =>
        context.DecideAsync(
            async session => await sessions.IsAliveAsync(session, user) ? await change(session) : AuthProblem.InvalidToken, cancellationToken);
}
