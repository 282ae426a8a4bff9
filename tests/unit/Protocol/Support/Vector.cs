using System.Text.Json.Nodes;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>One named frame of <c>protocol/vectors</c>.</summary>
/// <param name="Name">Unique in its file.</param>
/// <param name="Bytes">The whole frame.</param>
/// <param name="Json">The entry, for what only one of the files has.</param>
internal sealed record Vector(string Name, byte[] Bytes, JsonObject Json)
{
    /// <summary>The frame's type, by the entry, not by the bytes.</summary>
    public FrameType Type => FrameNames.Parse(Json["type"]!.GetValue<string>());

    /// <summary>What follows the header.</summary>
    public ReadOnlySpan<byte> Body => Bytes.AsSpan(FrameHeader.SizeBytes);

    /// <summary>What an encoder of version 1 writes for the same fields.</summary>
    public byte[] Reencoded => Json["reencoded"] is { } hex ? Convert.FromHexString(hex.GetValue<string>()) : Bytes;

    public override string ToString() => Name;
}
