using System.Collections.Frozen;
using RelayServer.Accounts.Keys;
using RelayServer.Accounts.Phones;
using RelayServer.Accounts.Sessions;
using RelayServer.Storage;

namespace RelayServer.Accounts;

/// <summary>What has to be done from time to time: new keys, rows that no longer count, the list of revocations for edges of this process.</summary>
internal sealed class AuthUpkeep(AuthContext context, SigningKeyRing keys, SessionService sessions, PhoneSignIn phones) : IAsyncDisposable
{
    private static readonly TimeSpan KeysInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RevocationsInterval = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _ending = new();
    private volatile FrozenSet<string> _revoked = FrozenSet<string>.Empty;
    private volatile int _revocationsVersion;
    private Task _running = Task.CompletedTask;

    /// <summary>Another number whenever the list of revocations is another.</summary>
    public int RevocationsVersion => _revocationsVersion;

    /// <summary>Why it could not be done last; null when it could.</summary>
    public string? Problem { get; private set; }

    /// <summary>True when a sign-in was ended while tokens of it may be alive; known here a little later than in the database.</summary>
    public bool IsRevoked(string sessionId) => sessionId.Length > 0 && _revoked.Contains(sessionId);

    /// <summary>Does everything once, and from then on in the background.</summary>
    /// <exception cref="DatabaseException">It cannot be done.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await KeepAsync(cancellationToken);
        await ReadRevocationsAsync(cancellationToken);
        _running = Task.Run(() => RunAsync(_ending.Token), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running;
        _ending.Dispose();
    }

    /// <summary>Makes and forgets keys as is due, and takes away what no longer counts.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        await keys.KeepAsync(cancellationToken);
        await context.Database.WriteAsync(
            async session =>
            {
                await phones.PurgeAsync(session);
                await sessions.PurgeAsync(session);
                await session.ExecuteAsync("DELETE FROM attempts WHERE ends_at <= @Now", new { Now = context.NowMilliseconds });
            },
            cancellationToken);
    }

    /// <summary>Reads the list of revocations.</summary>
    public async Task ReadRevocationsAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> revoked = await sessions.ListRevokedAsync(cancellationToken);
        if (!_revoked.SetEquals(revoked))
        {
            _revoked = revoked.ToFrozenSet(StringComparer.Ordinal);
            _revocationsVersion++;
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(RevocationsInterval, context.Time);
        long keptAt = context.Time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(cancellationToken);
                await ReadRevocationsAsync(cancellationToken);
                if (context.Time.GetElapsedTime(keptAt) >= KeysInterval)
                {
                    keptAt = context.Time.GetTimestamp();
                    await KeepAsync(cancellationToken);
                }

                Problem = null;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (DatabaseException problem)
            {
                // What is known goes on being used; sign-ins say themselves that the database is away.
                if (Problem is null)
                {
                    AuthLog.UpkeepFailed(context.Logger, problem.Message);
                }

                Problem = problem.Message;
            }
        }
    }
}
