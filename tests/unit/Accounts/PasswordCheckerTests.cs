using RelayServer.Accounts;
using RelayServer.Accounts.Passwords;

namespace RelayServer.UnitTests.Accounts;

public sealed class PasswordCheckerTests
{
    [Fact]
    public async Task Hash_MoreAtOnceThanMayWait_AreRefused()
    {
        using var checker = new PasswordChecker(iterations: 100_000);
        using var stop = new CancellationTokenSource();
        Task<string>[] asked = [.. Enumerable.Range(0, 2 * PasswordChecker.WaitingMax).Select(_ => checker.HashAsync("a password", stop.Token))];
        await stop.CancelAsync();
        await Task.WhenAny(Task.WhenAll(asked));

        // One or two may have been done meanwhile; the others wait, and do no more than that.
        Assert.InRange(asked.Count(hash => hash.Exception?.InnerException is AuthException), 1, PasswordChecker.WaitingMax);
    }
}
