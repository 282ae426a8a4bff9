using Microsoft.Extensions.Logging;
using RelayServer.Fabric;
using RelayServer.Master;

namespace RelayServer.Hosting;

/// <summary>A master. One that another has taken over from cannot go on: the process is asked to end.</summary>
/// <param name="options">Its settings.</param>
/// <param name="fabric">The fabric; asked at the start.</param>
/// <param name="failed">Told why, when the master ends by itself.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">Makes its loggers.</param>
/// <param name="subjectKey">The key by which services know users; asked at the start. Null leaves it to the master.</param>
internal sealed class MasterPart(
    MasterOptions options, Func<IFabric> fabric, Action<string> failed, TimeProvider time, ILoggerFactory loggers, Func<CancellationToken, Task<byte[]>>? subjectKey = null) : IRelayPart
{
    private MasterServer? _server;
    private Task _watching = Task.CompletedTask;

    public string Name => "master";

    public string? NotReadyReason => _server is { } server ? server.NotReadyReason : "not started";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        byte[]? key = options.SubjectKeyFile is { } file ? SubjectKeyFile.Read(file)
            : subjectKey is null ? null : await subjectKey(cancellationToken);
        var server = new MasterServer(options, fabric(), time, loggers, key);
        _server = server;
        await server.StartAsync(cancellationToken);
        _watching = WatchAsync(server);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is { } server)
        {
            await server.StopAsync(cancellationToken);
            await _watching;
            await server.DisposeAsync();
            _server = null;
        }
    }

    private async Task WatchAsync(MasterServer server)
    {
        try
        {
            await server.Completion;
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            failed($"the master has stopped: {problem.Message}");
        }
    }
}
