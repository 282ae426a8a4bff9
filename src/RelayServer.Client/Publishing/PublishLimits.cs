using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>What one connection allows of publishes.</summary>
/// <param name="WindowMessages">Most unanswered publishes.</param>
/// <param name="PayloadBytesMax">Largest payload, in bytes.</param>
/// <param name="FrameBytesMax">Largest frame body, in bytes.</param>
/// <param name="HasRooms">Controls are taken.</param>
/// <param name="HasServices">Updates are taken, and a text that begins with a slash is a command.</param>
internal readonly record struct PublishLimits(int WindowMessages, int PayloadBytesMax, int FrameBytesMax, bool HasRooms = true, bool HasServices = true)
{
    /// <summary>Before the first WELCOME.</summary>
    public static PublishLimits Initial => new(1, ProtocolLimits.PayloadBytesMax, ProtocolLimits.ClientFrameBytesMax);

    /// <summary>The largest payload that fits both limits in this channel.</summary>
    public int PayloadBytesMaxIn(PublishLane lane) =>
        Math.Min(PayloadBytesMax, FrameBytesMax - PublishBody.OverheadBytesMax - lane.ChannelUtf8.Length);
}
