namespace RelayServer.IntegrationTests.Conformance;

/// <summary>A MessagePack extension.</summary>
internal sealed record ExtensionValue(sbyte Type, byte[] Data);
