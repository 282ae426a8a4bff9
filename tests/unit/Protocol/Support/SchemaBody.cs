using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>A body in <c>protocol/schema.json</c>: that of a frame, or a variant of it.</summary>
/// <param name="Name">Of the frame, and of the variant: <c>QUERY rooms</c>.</param>
/// <param name="Type">The type number of the frame.</param>
/// <param name="Fields">The fields in order.</param>
internal sealed record SchemaBody(string Name, FrameType Type, IReadOnlyList<SchemaField> Fields);
