using RelayServer.Accounts.Secrets;
using RelayServer.Storage;

namespace RelayServer.Accounts.Accounts;

/// <summary>Accounts and what links to them, in a transaction.</summary>
internal static class AccountStore
{
    private const string IdentityColumns = "identity_id, kind, user_id, label, secret, linked_at";

    public static Task<IdentityRow?> FindAsync(DatabaseSession session, string kind, string name) => session.FirstOrDefaultAsync<IdentityRow>(
        $"SELECT {IdentityColumns} FROM identities WHERE kind = @Kind AND name = @Name", new { Kind = kind, Name = name });

    public static Task<IReadOnlyList<IdentityRow>> ListAsync(DatabaseSession session, string userId) => session.QueryAsync<IdentityRow>(
        $"SELECT {IdentityColumns} FROM identities WHERE user_id = @UserId ORDER BY linked_at, identity_id", new { UserId = userId });

    /// <summary>A new account with its first identity.</summary>
    public static async Task<string> CreateAsync(DatabaseSession session, ProvenIdentity identity, long now)
    {
        string userId = RandomId.NextUser();
        await session.ExecuteAsync("INSERT INTO accounts (user_id, handle, created_at) VALUES (@UserId, NULL, @Now)", new { UserId = userId, Now = now });
        await AddAsync(session, userId, identity, now);
        return userId;
    }

    public static Task AddAsync(DatabaseSession session, string userId, ProvenIdentity identity, long now) => session.ExecuteAsync(
        """
        INSERT INTO identities (identity_id, kind, name, user_id, label, secret, linked_at)
        VALUES (@IdentityId, @Kind, @Name, @UserId, @Label, @Secret, @Now)
        """,
        new { IdentityId = RandomId.Next(), identity.Kind, identity.Name, UserId = userId, identity.Label, identity.Secret, Now = now });

    public static Task<int> SetSecretAsync(DatabaseSession session, string identityId, string? before, string after) => session.ExecuteAsync(
        "UPDATE identities SET secret = @After WHERE identity_id = @IdentityId AND secret = @Before",
        new { IdentityId = identityId, Before = before, After = after });

    public static Task<int> RemoveAsync(DatabaseSession session, string identityId) =>
        session.ExecuteAsync("DELETE FROM identities WHERE identity_id = @IdentityId", new { IdentityId = identityId });

    /// <summary>The services that a user allowed, in order of their names.</summary>
    public static Task<IReadOnlyList<string>> ListConsentsAsync(DatabaseSession session, string userId) => session.QueryAsync<string>(
        "SELECT service FROM consents WHERE user_id = @UserId ORDER BY service", new { UserId = userId });

    /// <summary>Takes an account and everything that names it away.</summary>
    public static async Task EraseAsync(DatabaseSession session, string userId, long now)
    {
        var user = new { UserId = userId, Now = now };
        await session.ExecuteAsync("DELETE FROM consents WHERE user_id = @UserId", user);
        await session.ExecuteAsync("DELETE FROM identities WHERE user_id = @UserId", user);
        await session.ExecuteAsync("DELETE FROM accounts WHERE user_id = @UserId", user);

        // Their access tokens may still be alive, so the sessions stay listed as revoked, of nobody.
        await session.ExecuteAsync("UPDATE sessions SET revoked_at = COALESCE(revoked_at, @Now), user_id = '' WHERE user_id = @UserId", user);
    }
}
