using RelayServer.Client.Services;

namespace RelayServer.Adapters;

/// <summary>What a service needs to be registered at the relay.</summary>
/// <param name="Definition">What it is and can do.</param>
/// <param name="ProducerId">Names its updates for ever.</param>
/// <param name="TokenFile">Its token; null when the host has one for it.</param>
/// <param name="Handler">Does what people tell it; called for several commands at once.</param>
public sealed record ServiceStart(
    ServiceDefinition Definition, ulong ProducerId, string? TokenFile, Func<ServiceCommand, CancellationToken, ValueTask<ServiceResult>> Handler);
