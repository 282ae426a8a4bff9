using System.Threading.Channels;
using RelayServer.Fabric;

namespace RelayServer.IntegrationTests.Support;

/// <summary>Records the changes of a fabric's connection, from now on.</summary>
internal sealed class ConnectionWatch
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<bool> _changes = Channel.CreateUnbounded<bool>();

    public ConnectionWatch(IFabric fabric) => fabric.ConnectionChanged += connected => _changes.Writer.TryWrite(connected);

    public async Task<bool> NextAsync()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Patience);
        return await _changes.Reader.ReadAsync(timeout.Token);
    }

    /// <summary>Waits until a change to <paramref name="connected"/> was told.</summary>
    public async Task UntilAsync(bool connected)
    {
        while (await NextAsync() != connected)
        {
        }
    }
}
