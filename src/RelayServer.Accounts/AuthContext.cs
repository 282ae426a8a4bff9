using Microsoft.Extensions.Logging;
using RelayServer.Accounts.Secrets;
using RelayServer.Storage;

namespace RelayServer.Accounts;

/// <summary>What everything in the server works with.</summary>
internal sealed record AuthContext(AuthOptions Options, Database Database, AuthSecret Secret, TimeProvider Time, ILogger Logger)
{
    public DateTimeOffset Now => Time.GetUtcNow();

    public long NowMilliseconds => Now.ToUnixTimeMilliseconds();

    /// <summary>Runs a write whose refusals are told as results, so that what it counted is kept; then throws the refusal.</summary>
    /// <exception cref="AuthException">It was refused.</exception>
    public async Task<T> DecideAsync<T>(Func<DatabaseSession, Task<Decision<T>>> work, CancellationToken cancellationToken)
    {
        Decision<T> decision;
        try
        {
            decision = await Database.WriteAsync(work, cancellationToken);
        }
        catch (DatabaseException twice) when (twice.Failure == DatabaseFailure.Duplicate)
        {
            // Another did the same meanwhile; the work, run again, sees it and says what that means.
            decision = await Database.WriteAsync(work, cancellationToken);
        }

        return decision.Problem is { } problem ? throw new AuthException(problem) : decision.Value!;
    }
}
