using System.Security.Cryptography;
using RelayServer.Accounts.Accounts;
using RelayServer.Accounts.Limits;
using RelayServer.Accounts.Secrets;
using RelayServer.Accounts.Sessions;
using RelayServer.Storage;

namespace RelayServer.Accounts.Phones;

/// <summary>
/// Sign-in by phone. Whoever asks for a code gets the id of a challenge, and with it and the code proves to have the phone. To ask looks
/// at no account, so nobody learns whether a phone is known; and one that asks for codes to somebody else's phone does not disturb others.
/// </summary>
internal sealed class PhoneSignIn(AuthContext context, AccountService accounts, ICodeSender? sender)
{
    public const int CodeDigits = 6;

    private const string PhoneKind = "code-phone";
    private const string AddressKind = "code-address";
    private const string AllKind = "code";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>True when codes can be sent.</summary>
    public bool IsOn => sender is not null;

    /// <summary>Sends a code.</summary>
    /// <exception cref="AuthException">Too often, or it cannot be sent.</exception>
    public async Task<CodeAnswer> SendCodeAsync(string phone, CountedClient client, CancellationToken cancellationToken)
    {
        if (sender is null)
        {
            throw new AuthException(AuthProblem.PhoneOff);
        }

        string phoneHash = context.Secret.HashOf(IdentityKind.Phone, phone);
        string challenge = RandomId.Next();
        string code = RandomNumberGenerator.GetString("0123456789", CodeDigits);
        var lifetime = TimeSpan.FromSeconds(context.Options.CodeSeconds);
        await context.DecideAsync<bool>(
            async session =>
            {
                if (await AttemptLedger.TryTakeAsync(session, context.Now, LimitsFor(phoneHash, client)) is { } wait)
                {
                    return AuthProblem.TooMany("too many codes were asked for", wait);
                }

                await session.ExecuteAsync(
                    """
                    INSERT INTO codes (challenge, phone, label, code_hash, tries, used_at, expires_at)
                    VALUES (@Challenge, @Phone, @Label, @CodeHash, 0, NULL, @ExpiresAt)
                    """,
                    new
                    {
                        Challenge = challenge,
                        Phone = phoneHash,
                        Label = PhoneNumber.Mask(phone),
                        CodeHash = context.Secret.HashOfCode(challenge, code),
                        ExpiresAt = context.NowMilliseconds + (long)lifetime.TotalMilliseconds,
                    });
                return true;
            },
            cancellationToken);
        bool isSent = await sender.SendAsync(phone, code, lifetime, cancellationToken);
        AuthMetrics.AddCode(isSent);
        return isSent
            ? new CodeAnswer { Challenge = challenge, ExpiresIn = context.Options.CodeSeconds, Digits = CodeDigits }
            : throw new AuthException(AuthProblem.NotSent);
    }

    /// <summary>Signs in with a code.</summary>
    /// <exception cref="AuthException">The code is not good.</exception>
    public async Task<OpenedSession> SignInAsync(string challenge, string code, CountedClient client, CancellationToken cancellationToken)
    {
        OpenedSession opened = await context.DecideAsync(
            session => UseAsync(session, challenge, async () =>
            {
                Decision<ProvenIdentity> proof = await ProveAsync(session, challenge, code);
                return proof.Problem is { } problem ? problem : await accounts.SignInAsync(session, proof.Value!, client);
            }),
            cancellationToken);
        AuthMetrics.AddSignIn(IdentityKind.Phone);
        return opened;
    }

    /// <summary>Links the phone to the account of who is signed in.</summary>
    /// <exception cref="AuthException">The code is not good, or the phone is another's.</exception>
    public Task LinkAsync(ConfirmedUser user, string challenge, string code, CancellationToken cancellationToken) =>
        context.DecideAsync(
            session => UseAsync(session, challenge, () => accounts.LinkAsync(session, user, () => ProveAsync(session, challenge, code))), cancellationToken);

    /// <summary>Takes codes away that are no longer good.</summary>
    public Task PurgeAsync(DatabaseSession session) =>
        session.ExecuteAsync("DELETE FROM codes WHERE expires_at <= @Now", new { Now = context.NowMilliseconds });

    private AttemptLimit[] LimitsFor(string phoneHash, CountedClient client) =>
    [
        new(PhoneKind, phoneHash, 1, TimeSpan.FromSeconds(context.Options.CodeIntervalSeconds)),
        new(PhoneKind, phoneHash, context.Options.CodesPerPhoneHourMax, Hour),
        .. client.Limit(AddressKind, context.Options.CodesPerAddressHourMax, Hour),
        new(AllKind, string.Empty, context.Options.CodesPerHourMax, Hour),
    ];

    // One transaction: of two that show the same code at once, one finds it used. What is refused for a limit has not used it.
    private async Task<Decision<T>> UseAsync<T>(DatabaseSession session, string challenge, Func<Task<Decision<T>>> use)
    {
        Decision<T> decision = await use();
        if (decision.Problem is null)
        {
            await session.ExecuteAsync(
                "UPDATE codes SET used_at = @Now WHERE challenge = @Challenge", new { Challenge = challenge, Now = context.NowMilliseconds });
        }

        return decision;
    }

    private async Task<Decision<ProvenIdentity>> ProveAsync(DatabaseSession session, string challenge, string code)
    {
        long now = context.NowMilliseconds;
        CodeRow? row = await session.FirstOrDefaultAsync<CodeRow>(
            "SELECT phone, label, code_hash, tries, used_at, expires_at FROM codes WHERE challenge = @Challenge", new { Challenge = challenge });
        bool isRight = CryptographicOperations.FixedTimeEquals(row?.CodeHash ?? [], context.Secret.HashOfCode(challenge, code));
        if (row is null || row.UsedAt is not null || row.ExpiresAt <= now || row.Tries >= context.Options.CodeTriesMax)
        {
            return AuthProblem.CodeExpired;
        }

        if (!isRight)
        {
            await session.ExecuteAsync("UPDATE codes SET tries = tries + 1 WHERE challenge = @Challenge", new { Challenge = challenge });
            return AuthProblem.WrongCode;
        }

        return new ProvenIdentity(IdentityKind.Phone, row.Phone, row.Label);
    }
}
