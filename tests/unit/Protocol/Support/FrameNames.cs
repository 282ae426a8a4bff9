using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>The names of frame types as PROTOCOL.md writes them.</summary>
internal static class FrameNames
{
    /// <summary><c>PUB_ACK</c> is <see cref="FrameType.PubAck"/>.</summary>
    public static FrameType Parse(string name) =>
        Enum.Parse<FrameType>(name.Replace("_", string.Empty, StringComparison.Ordinal), ignoreCase: true);

    /// <summary>The flags named, together.</summary>
    public static FrameFlags ParseFlags(IEnumerable<string> names)
    {
        var flags = FrameFlags.None;
        foreach (string name in names)
        {
            flags |= Enum.Parse<FrameFlags>(name.Replace("_", string.Empty, StringComparison.Ordinal), ignoreCase: true);
        }

        return flags;
    }
}
