using System.Threading.Channels;

namespace RelayServer.IntegrationTests.Support;

/// <summary>Receives what a subscription hands over; the test takes it one by one and never waits for ever.</summary>
internal sealed class MessageCollector
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<byte[]> _messages = Channel.CreateUnbounded<byte[]>();

    public void Take(ReadOnlyMemory<byte> message) => _messages.Writer.TryWrite(message.ToArray());

    public async Task<byte[]> NextAsync()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Patience);
        return await _messages.Reader.ReadAsync(timeout.Token);
    }

    /// <summary>The messages that are there already.</summary>
    public int Count => _messages.Reader.Count;
}
