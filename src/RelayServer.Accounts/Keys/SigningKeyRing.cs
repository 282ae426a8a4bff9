using System.Security.Cryptography;
using System.Text;
using RelayServer.Identity;
using RelayServer.Storage;

namespace RelayServer.Accounts.Keys;

/// <summary>
/// The keys that tokens are signed with. A new one is published some time before it signs, and an old one stays published until the last
/// token that it signed has expired. All instances on one database share them.
/// </summary>
internal sealed class SigningKeyRing(AuthContext context) : ITokenKeySource
{
    private static readonly TimeSpan Overlap = 2 * TokenValidatorOptions.SkewMax;
    private static readonly TimeSpan AfreshInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _asking = new();
    private volatile IReadOnlyList<RingKey> _keys = [];
    private Task _afresh = Task.CompletedTask;
    private long _afreshAt;

    /// <summary>The key that signs now.</summary>
    public SigningKey Current
    {
        get
        {
            long now = context.NowMilliseconds;
            IReadOnlyList<RingKey> keys = _keys;

            // In order of their beginning. The first signs also when a clock was set back behind all of them.
            return (keys.LastOrDefault(key => key.ActiveFrom <= now) ?? keys[0]).Key;
        }
    }

    /// <summary>What is published.</summary>
    public IReadOnlyList<SigningKey> Published => [.. _keys.Select(key => key.Key)];

    /// <inheritdoc/>
    public SigningKey? Find(string issuer, string keyId) =>
        issuer == context.Options.Issuer ? _keys.FirstOrDefault(key => key.Key.Id == keyId)?.Key : null;

    /// <inheritdoc/>
    public async ValueTask<SigningKey?> FindAfreshAsync(string issuer, string keyId)
    {
        if (issuer != context.Options.Issuer)
        {
            return null;
        }

        Task reading;
        lock (_asking)
        {
            if (_afresh.IsCompleted && context.Time.GetElapsedTime(_afreshAt) >= AfreshInterval)
            {
                _afreshAt = context.Time.GetTimestamp();
                _afresh = Task.Run(() => TryLoadAsync());
            }

            reading = _afresh;
        }

        await reading;
        return Find(issuer, keyId);
    }

    /// <summary>Reads the keys, makes those that are due, and forgets those that nothing is checked with any more.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<KeyRow> rows = await context.Database.WriteAsync(
            async session =>
            {
                List<KeyRow> all = [.. await ReadAsync(session)];
                long now = context.NowMilliseconds;
                var age = TimeSpan.FromDays(context.Options.KeyRotationDays);
                var lead = TimeSpan.FromMinutes(context.Options.KeyLeadMinutes);
                if (all.Count == 0)
                {
                    all.Add(await AddAsync(session, now));
                }
                else if (all[^1].ActiveFrom + (long)(age - lead).TotalMilliseconds <= now)
                {
                    all.Add(await AddAsync(session, now + (long)lead.TotalMilliseconds));
                }

                return await ForgetAsync(session, all, now);
            },
            cancellationToken);
        Take(rows);
    }

    /// <summary>Makes a new key now.</summary>
    /// <param name="atOnce">It signs at once, and nothing that the others signed is accepted any more: for when they are no longer secret.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Its id, and when it begins to sign.</returns>
    public async Task<(string KeyId, DateTimeOffset ActiveFrom)> RotateAsync(bool atOnce, CancellationToken cancellationToken)
    {
        KeyRow added = await context.Database.WriteAsync(
            async session =>
            {
                if (atOnce)
                {
                    await session.ExecuteAsync("DELETE FROM signing_keys");
                }

                long lead = atOnce ? 0 : (long)TimeSpan.FromMinutes(context.Options.KeyLeadMinutes).TotalMilliseconds;
                return await AddAsync(session, context.NowMilliseconds + lead);
            },
            cancellationToken);
        await LoadAsync(cancellationToken);
        return (added.KeyId, DateTimeOffset.FromUnixTimeMilliseconds(added.ActiveFrom));
    }

    private async Task TryLoadAsync()
    {
        try
        {
            await LoadAsync(CancellationToken.None);
        }
        catch (DatabaseException)
        {
            // What is known already goes on being used; the next look tries again.
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken) => Take(await context.Database.ReadAsync(ReadAsync, cancellationToken));

    private void Take(IReadOnlyList<KeyRow> rows) => _keys = [.. rows.Select(Open)];

    private RingKey Open(KeyRow row)
    {
        RingKey? known = _keys.FirstOrDefault(key => key.Key.Id == row.KeyId);
        return known ?? new RingKey(SigningKey.Parse(Encoding.UTF8.GetString(context.Secret.Open(row.KeyId, row.SealedKey))), row.ActiveFrom);
    }

    private static Task<IReadOnlyList<KeyRow>> ReadAsync(DatabaseSession session) =>
        session.QueryAsync<KeyRow>("SELECT key_id, active_from, sealed_key FROM signing_keys ORDER BY active_from, key_id");

    private async Task<KeyRow> AddAsync(DatabaseSession session, long activeFrom)
    {
        string id = $"{context.Now:yyyyMMdd}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var row = new KeyRow { KeyId = id, ActiveFrom = activeFrom, SealedKey = context.Secret.Seal(id, SigningKey.CreateEs256(id).Export()) };
        await session.ExecuteAsync(
            "INSERT INTO signing_keys (key_id, active_from, sealed_key) VALUES (@KeyId, @ActiveFrom, @SealedKey)", new { row.KeyId, row.ActiveFrom, row.SealedKey });
        AuthLog.KeyMade(context.Logger, id, DateTimeOffset.FromUnixTimeMilliseconds(activeFrom));
        return row;
    }

    private async Task<IReadOnlyList<KeyRow>> ForgetAsync(DatabaseSession session, List<KeyRow> all, long now)
    {
        int tokenSeconds = Math.Max(context.Options.AccessTokenSeconds, context.Options.ServiceTokenSeconds);
        long kept = (long)(TimeSpan.FromSeconds(tokenSeconds) + Overlap).TotalMilliseconds;

        // A key has signed until its successor began.
        while (all.Count > 1 && all[1].ActiveFrom + kept <= now)
        {
            await session.ExecuteAsync("DELETE FROM signing_keys WHERE key_id = @KeyId", new { all[0].KeyId });
            all.RemoveAt(0);
        }

        return all;
    }
}
