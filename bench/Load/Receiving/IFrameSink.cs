using RelayServer.Protocol;

namespace RelayServer.Bench.Load.Receiving;

/// <summary>Takes the frames of a member that are not batches of the channel under load.</summary>
internal interface IFrameSink
{
    /// <summary>Handles a whole frame.</summary>
    void Handle(MemberCursor member, in FrameHeader header, ReadOnlySpan<byte> body);
}
