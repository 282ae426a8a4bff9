using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace RelayServer.Accounts.Passwords;

/// <summary>
/// Makes and checks hashes of passwords (PBKDF2 with HMAC-SHA-512). That is work on purpose, so only so many are checked at a time, and who
/// would wait too long is refused.
/// </summary>
internal sealed class PasswordChecker : IDisposable
{
    public const int PasswordCharactersMax = 128;

    /// <summary>What a guess costs whoever has stolen the hashes.</summary>
    public const int IterationsDefault = 210_000;

    /// <summary>Hashes that are made or wait for their turn; who wants one more is refused.</summary>
    internal const int WaitingMax = 64;

    private readonly PasswordHasher<string> _hasher;
    private readonly SemaphoreSlim _running = new(Math.Max(1, Environment.ProcessorCount - 1));
    private readonly string _nobody;
    private int _waiting;

    public PasswordChecker(int iterations)
    {
        _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
        _nobody = _hasher.HashPassword(string.Empty, Guid.NewGuid().ToString());
    }

    /// <summary>A new hash.</summary>
    /// <exception cref="AuthException">Too much is asked.</exception>
    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        RunAsync(() => _hasher.HashPassword(string.Empty, password), cancellationToken);

    /// <summary>Checks a password; against nothing, at the same cost, where there is no hash.</summary>
    /// <exception cref="AuthException">Too much is asked.</exception>
    public Task<PasswordVerificationResult> VerifyAsync(string? hash, string password, CancellationToken cancellationToken) => RunAsync(
        () =>
        {
            PasswordVerificationResult result = _hasher.VerifyHashedPassword(string.Empty, hash ?? _nobody, password);
            return hash is null ? PasswordVerificationResult.Failed : result;
        },
        cancellationToken);

    public void Dispose() => _running.Dispose();

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > WaitingMax)
        {
            Interlocked.Decrement(ref _waiting);
            throw new AuthException(AuthProblem.Busy);
        }

        try
        {
            await _running.WaitAsync(cancellationToken);
            try
            {
                return await Task.Run(work, cancellationToken);
            }
            finally
            {
                _running.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
