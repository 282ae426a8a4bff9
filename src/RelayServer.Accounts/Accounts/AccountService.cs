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
    public async Task<Decision<OpenedSession>> SignInAsync(DatabaseSession session, ProvenIdentity identity, CountedClient client)
    {
        if (await AccountStore.FindAsync(session, identity.Kind, identity.Name) is { } known)
        {
            return await sessions.OpenAsync(session, known.UserId, isNew: false);
        }

        return await AdmitAsync(session, client) is { } problem ? problem : await CreateAsync(session, identity);
    }

    /// <summary>Counts an attempt at a new account; what is against it, or null.</summary>
    public async Task<AuthProblem?> AdmitAsync(DatabaseSession session, CountedClient client) => context.Options.Registration
        ? await CountNameAsync(session, client)
        : AuthProblem.RegistrationClosed;

    /// <summary>Counts an attempt at a name that nobody may have; what is against it, or null.</summary>
    public async Task<AuthProblem?> CountNameAsync(DatabaseSession session, CountedClient client) =>
        await AttemptLedger.TryTakeAsync(
            session, context.Now, client.Limit(RegistrationKind, context.Options.RegistrationsPerAddressHourMax, Hour)) is { } wait
            ? AuthProblem.TooMany("too many new accounts, or names for one, from this address", wait)
            : null;

    /// <summary>A new account.</summary>
    public async Task<Decision<OpenedSession>> CreateAsync(DatabaseSession session, ProvenIdentity identity) =>
        await sessions.OpenAsync(session, await AccountStore.CreateAsync(session, identity, context.NowMilliseconds), isNew: true);

    /// <summary>What is wrong with who confirms; null when nothing is.</summary>
    public Task<AuthProblem?> ConfirmAsync(DatabaseSession session, ConfirmedUser user) => sessions.ConfirmAsync(session, user);

    /// <summary>Links an identity to the account of who is signed in.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="confirmed">Who.</param>
    /// <param name="prove">Shows the identity, once it is clear who asks.</param>
    public async Task<Decision<bool>> LinkAsync(DatabaseSession session, ConfirmedUser confirmed, Func<Task<Decision<ProvenIdentity>>> prove)
    {
        if (await sessions.ConfirmAsync(session, confirmed) is { } problem)
        {
            return problem;
        }

        Decision<ProvenIdentity> proof = await prove();
        return proof.Problem is { } unproven ? unproven : await LinkAsync(session, confirmed.User, proof.Value!);
    }

    private async Task<Decision<bool>> LinkAsync(DatabaseSession session, SignedInUser user, ProvenIdentity identity)
    {
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
    public Task UnlinkAsync(ConfirmedUser user, string identityId, CancellationToken cancellationToken) => ChangeAsync(
        user,
        async session =>
        {
            IReadOnlyList<IdentityRow> own = await AccountStore.ListAsync(session, user.User.UserId);
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
    public Task EraseAsync(ConfirmedUser user, CancellationToken cancellationToken) => ChangeAsync(
        user,
        async session =>
        {
            await AccountStore.EraseAsync(session, user.User.UserId, context.NowMilliseconds);
            return true;
        },
        cancellationToken);

    private Task<bool> ChangeAsync(SignedInUser user, Func<DatabaseSession, Task<Decision<bool>>> change, CancellationToken cancellationToken) =>
        context.DecideAsync(
            async session => await sessions.IsAliveAsync(session, user) ? await change(session) : AuthProblem.InvalidToken, cancellationToken);

    private Task<bool> ChangeAsync(ConfirmedUser user, Func<DatabaseSession, Task<Decision<bool>>> change, CancellationToken cancellationToken) =>
        context.DecideAsync(
            async session => await sessions.ConfirmAsync(session, user) is { } problem ? problem : await change(session), cancellationToken);
}
