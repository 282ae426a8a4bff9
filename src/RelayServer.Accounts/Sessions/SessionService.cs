using System.Security.Cryptography;
using RelayServer.Accounts.Accounts;
using RelayServer.Accounts.Limits;
using RelayServer.Accounts.Secrets;
using RelayServer.Storage;

namespace RelayServer.Accounts.Sessions;

/// <summary>Sign-ins: opened, refreshed, ended. A refresh token that is used again ends its sign-in.</summary>
internal sealed class SessionService(AuthContext context)
{
    /// <summary>The most sign-ins that the list of revocations names.</summary>
    public const int RevocationsMax = 9000;

    private const int SeedBytes = 32;
    private const string SignInKind = "sign-in";
    private const string Columns = "session_id, user_id, seed, generation, rotated_at, expires_at, revoked_at";

    // Edges accept a token for so long after its expiry.
    private static readonly TimeSpan Skew = Identity.TokenValidatorOptions.SkewMax;

    /// <summary>Opens one. How many an account opens is limited: each may end another one, and the list of those has an end.</summary>
    public async Task<Decision<OpenedSession>> OpenAsync(DatabaseSession session, string userId, bool isNew)
    {
        var limit = new AttemptLimit(
            SignInKind, context.Secret.HashOf(SignInKind, userId), context.Options.SignInsPerAccountHourMax, TimeSpan.FromHours(1));
        if (await AttemptLedger.TryTakeAsync(session, context.Now, [limit]) is { } wait)
        {
            return AuthProblem.TooMany("too many sign-ins to this account", wait);
        }

        long now = context.NowMilliseconds;
        var opened = new OpenedSession(
            userId,
            RandomId.Next(),
            1,
            RandomNumberGenerator.GetBytes(SeedBytes),
            now + (long)TimeSpan.FromDays(context.Options.RefreshTokenDays).TotalMilliseconds,
            await AccountStore.ListConsentsAsync(session, userId),
            isNew);
        await session.ExecuteAsync(
            """
            UPDATE sessions SET revoked_at = @Now WHERE session_id IN (
                SELECT session_id FROM sessions WHERE user_id = @UserId AND revoked_at IS NULL AND expires_at > @Now
                ORDER BY created_at DESC, session_id LIMIT 1000 OFFSET @Keep)
            """,
            new { UserId = userId, Now = now, Keep = context.Options.SessionsPerAccountMax - 1 });
        await session.ExecuteAsync(
            """
            INSERT INTO sessions (session_id, user_id, seed, generation, rotated_at, created_at, expires_at, revoked_at)
            VALUES (@SessionId, @UserId, @Seed, @Generation, @Now, @Now, @ExpiresAt, NULL)
            """,
            new { opened.SessionId, opened.UserId, opened.Seed, opened.Generation, Now = now, opened.ExpiresAt });
        return opened;
    }

    /// <summary>The next refresh token for this one; or, just after that was given, the same once more.</summary>
    /// <exception cref="AuthException">It is not good.</exception>
    public Task<OpenedSession> RefreshAsync(string text, CancellationToken cancellationToken) => context.DecideAsync<OpenedSession>(
        async session =>
        {
            Decision<(SessionRow Row, bool IsCurrent)> use = await UseAsync(session, text);
            if (use.Problem is { } problem)
            {
                return problem;
            }

            (SessionRow row, bool isCurrent) = use.Value;
            if (isCurrent)
            {
                await session.ExecuteAsync(
                    "UPDATE sessions SET generation = generation + 1, rotated_at = @Now WHERE session_id = @SessionId",
                    new { row.SessionId, Now = context.NowMilliseconds });
            }

            return new OpenedSession(
                row.UserId, row.SessionId, isCurrent ? row.Generation + 1 : row.Generation, row.Seed, row.ExpiresAt,
                await AccountStore.ListConsentsAsync(session, row.UserId), IsNewAccount: false);
        },
        cancellationToken);

    /// <summary>What is wrong with who confirms; null when the refresh token is one of the sign-in, and the sign-in stands.</summary>
    public async Task<AuthProblem?> ConfirmAsync(DatabaseSession session, ConfirmedUser user)
    {
        if (!await IsAliveAsync(session, user.User))
        {
            return AuthProblem.InvalidToken;
        }

        Decision<(SessionRow Row, bool IsCurrent)> use = await UseAsync(session, user.RefreshToken);
        return use.Problem ?? (use.Value.Row.SessionId == user.User.SessionId ? null : AuthProblem.InvalidRefreshToken);
    }

    /// <summary>Ends the sign-in of a refresh token, or all of its user's. One that was rotated away is good for this, too.</summary>
    public Task SignOutAsync(string text, bool everywhere, CancellationToken cancellationToken) => context.DecideAsync<bool>(
        async session =>
        {
            (_, SessionRow? row) = await FindAsync(session, text);
            if (row is null || row.RevokedAt is not null)
            {
                return AuthProblem.InvalidRefreshToken;
            }

            await (everywhere ? RevokeAllAsync(session, row.UserId) : RevokeAsync(session, row.SessionId));
            return true;
        },
        cancellationToken);

    /// <summary>True when the sign-in still stands.</summary>
    public async Task<bool> IsAliveAsync(DatabaseSession session, SignedInUser user) => await session.FirstOrDefaultAsync<long>(
        "SELECT COUNT(*) FROM sessions WHERE session_id = @SessionId AND user_id = @UserId AND revoked_at IS NULL AND expires_at > @Now",
        new { user.SessionId, user.UserId, Now = context.NowMilliseconds }) == 1;

    /// <summary>How many sign-ins of a user stand.</summary>
    public Task<long> CountAsync(DatabaseSession session, string userId) => session.FirstOrDefaultAsync<long>(
        "SELECT COUNT(*) FROM sessions WHERE user_id = @UserId AND revoked_at IS NULL AND expires_at > @Now",
        new { UserId = userId, Now = context.NowMilliseconds });

    /// <summary>Sign-ins that were ended while access tokens of theirs may be alive.</summary>
    public Task<IReadOnlyList<string>> ListRevokedAsync(CancellationToken cancellationToken) => context.Database.ReadAsync(
        session => session.QueryAsync<string>(
            "SELECT session_id FROM sessions WHERE revoked_at > @Since ORDER BY revoked_at DESC, session_id LIMIT @Max",
            new { Since = context.NowMilliseconds - (long)RevocationPeriod.TotalMilliseconds, Max = RevocationsMax }),
        cancellationToken);

    /// <summary>Takes sign-ins away that nobody can ask about any more.</summary>
    public Task PurgeAsync(DatabaseSession session) => session.ExecuteAsync(
        "DELETE FROM sessions WHERE expires_at <= @Now OR revoked_at <= @Since",
        new { Now = context.NowMilliseconds - (long)RevocationPeriod.TotalMilliseconds, Since = context.NowMilliseconds - (long)RevocationPeriod.TotalMilliseconds });

    private TimeSpan RevocationPeriod => TimeSpan.FromSeconds(context.Options.AccessTokenSeconds) + (2 * Skew);

    // The sign-in of a token that is good now; one that was replaced, and comes too late to be a repetition, ends it.
    private async Task<Decision<(SessionRow Row, bool IsCurrent)>> UseAsync(DatabaseSession session, string text)
    {
        (RefreshToken token, SessionRow? row) = await FindAsync(session, text);
        long now = context.NowMilliseconds;
        if (row is null || row.ExpiresAt <= now || row.RevokedAt is not null)
        {
            return AuthProblem.InvalidRefreshToken;
        }

        bool isCurrent = token.Generation == row.Generation;
        bool isRepeated = token.Generation == row.Generation - 1
            && now - row.RotatedAt <= (long)TimeSpan.FromSeconds(context.Options.RefreshGraceSeconds).TotalMilliseconds;
        if (isCurrent || isRepeated)
        {
            return (row, isCurrent);
        }

        await RevokeAsync(session, row.SessionId);
        AuthLog.RefreshReused(context.Logger, row.SessionId);
        AuthMetrics.AddReuse();
        return AuthProblem.RefreshTokenReused;
    }

    private async Task<(RefreshToken Token, SessionRow? Row)> FindAsync(DatabaseSession session, string text)
    {
        if (!RefreshToken.TryParse(text, out RefreshToken token))
        {
            return default;
        }

        SessionRow? row = await session.FirstOrDefaultAsync<SessionRow>(
            $"SELECT {Columns} FROM sessions WHERE session_id = @SessionId", new { token.SessionId });
        return (token, row is not null && token.IsOurs(context.Secret, row.Seed) ? row : null);
    }

    private Task<int> RevokeAsync(DatabaseSession session, string sessionId) => session.ExecuteAsync(
        "UPDATE sessions SET revoked_at = @Now WHERE session_id = @SessionId AND revoked_at IS NULL",
        new { SessionId = sessionId, Now = context.NowMilliseconds });

    private Task<int> RevokeAllAsync(DatabaseSession session, string userId) => session.ExecuteAsync(
        "UPDATE sessions SET revoked_at = @Now WHERE user_id = @UserId AND revoked_at IS NULL",
        new { UserId = userId, Now = context.NowMilliseconds });
}
