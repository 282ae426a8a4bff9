using System.Net;

namespace RelayServer.Bench.Load.Publishing;

/// <summary>Makes the publishing side that a run asks for.</summary>
internal static class PublisherGroups
{
    /// <summary>Makes publishers that take turns over edges and tokens.</summary>
    public static IPublisherGroup Create(
        PublisherKind kind,
        int publishers,
        IReadOnlyList<IPEndPoint> edges,
        IReadOnlyList<byte[]> tokens,
        byte[] channel,
        int payloadBytes,
        Func<long> delivered) =>
        kind switch
        {
            PublisherKind.Raw => new RawPublisherGroup(publishers, edges, tokens, channel, payloadBytes, delivered),
            _ => new ClientPublisherGroup(publishers, edges, tokens, channel, payloadBytes, delivered),
        };
}
