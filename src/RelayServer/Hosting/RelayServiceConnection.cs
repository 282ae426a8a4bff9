using RelayServer.Adapters;
using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.Protocol;

namespace RelayServer.Hosting;

/// <summary>A service of an adapter at a relay. One of its updates is sent at a time.</summary>
internal sealed class RelayServiceConnection : IServiceConnection
{
    // A topic that another version of the service has not yet, or no longer, is tried for so long.
    private static readonly TimeSpan TopicPatience = TimeSpan.FromMinutes(2);

    private readonly Client.Services.RelayService _service;
    private readonly TimeProvider _time;
    private ulong _refusedNumber;
    private long _refusedAt;

    private RelayServiceConnection(Client.Services.RelayService service, TimeProvider time)
    {
        _service = service;
        _time = time;
        _service.StateChanged += (_, change) =>
        {
            if (change.State is RelayClientState.Waiting or RelayClientState.Connected)
            {
                RelayChanged?.Invoke(change.State == RelayClientState.Connected ? null : change.Error?.Message ?? "the connection was lost");
            }
        };
    }

    public event Action<string?>? RelayChanged;

    public ulong ProducerId => _service.ProducerId;

    public Task Completion => _service.Completion;

    /// <summary>Registers a service.</summary>
    public static async Task<IServiceConnection> ConnectAsync(RelayClientOptions options, ServiceStart start, CancellationToken cancellationToken) =>
        new RelayServiceConnection(
            await Client.Services.RelayService.StartAsync(
                options with { ProducerId = start.ProducerId }, start.Definition, start.Handler, cancellationToken),
            options.TimeProvider);

    public async Task UpdateAsync(string target, ServiceCard card, IReadOnlyList<string> subjects, ulong number, CancellationToken cancellationToken)
    {
        try
        {
            await _service.UpdateAsync(target, card, subjects, number, cancellationToken);
        }
        catch (ArgumentException problem)
        {
            throw new UpdateRefusedException(problem.Message, problem);
        }
        catch (RelayException problem) when (problem.Family == ErrorFamily.Final && IsForGood(problem.Code, target, number))
        {
            throw new UpdateRefusedException(problem.Message, problem);
        }
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    // A room that has not let the service in is the caller's to see to, and what is malformed stays so. A topic is the operator's: what was taken
    // must not be lost while he does.
    private bool IsForGood(ErrorCode code, string target, ulong number)
    {
        if (!target.StartsWith(ChannelName.TopicPrefixText, StringComparison.Ordinal) || code is not (ErrorCode.NotFound or ErrorCode.Forbidden))
        {
            return true;
        }

        if (_refusedNumber != number)
        {
            (_refusedNumber, _refusedAt) = (number, _time.GetTimestamp());
        }

        return _time.GetElapsedTime(_refusedAt) > TopicPatience;
    }
}
