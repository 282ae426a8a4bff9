namespace RelayServer.UnitTests.Simulation;

/// <summary>Names a message of a room for ever.</summary>
internal readonly record struct MessageName(string User, ulong ProducerId, ulong Number);
