using System.Collections.Concurrent;
using RelayServer.Accounts.Phones;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary>Keeps codes instead of sending them.</summary>
internal sealed class SentCodes : ICodeSender
{
    private readonly ConcurrentQueue<(string Phone, string Code)> _sent = new();

    /// <summary>When false, sending fails.</summary>
    public bool Works { get; set; } = true;

    /// <summary>What sending throws; null for nothing.</summary>
    public Exception? Fault { get; set; }

    public IReadOnlyCollection<(string Phone, string Code)> All => _sent;

    public string Last => _sent.Last().Code;

    public Task<bool> SendAsync(string phone, string code, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        if (Fault is { } fault)
        {
            throw fault;
        }

        _sent.Enqueue((phone, code));
        return Task.FromResult(Works);
    }
}
