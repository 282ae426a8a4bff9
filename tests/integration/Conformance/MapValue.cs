namespace RelayServer.IntegrationTests.Conformance;

/// <summary>A MessagePack map.</summary>
internal sealed record MapValue(IReadOnlyList<KeyValuePair<string, object?>> Pairs);
