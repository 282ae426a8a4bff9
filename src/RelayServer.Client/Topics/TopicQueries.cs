using RelayServer.Client.Services;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>Writes questions about services and subscriptions.</summary>
internal static class TopicQueries
{
    /// <summary>Asks for a menu.</summary>
    /// <exception cref="ArgumentException">A name is too long for one; the relay would end the connection.</exception>
    public static byte[] EncodeMenu(string? service, string? topic, string? channel, string? locale, MenuLine? after, int max)
    {
        // Menus and subscriptions call a topic by its whole name.
        if (topic is not null && !topic.Contains('.', StringComparison.Ordinal))
        {
            topic = $"{service}.{topic}";
        }

        return Encode(new QueryBody
        {
            What = QueryKind.Menu,
            Channel = EncodedTexts.Encode(channel ?? "", nameof(channel), 0, ProtocolLimits.InboxNameBytesMax),
            Locale = EncodedTexts.Encode(locale ?? "", nameof(locale), 0, ProtocolLimits.LocaleBytesMax),
            Service = EncodedTexts.Encode(service ?? "", nameof(service), 0, ProtocolLimits.ServiceWordBytesMax),
            Topic = EncodedTexts.Encode(topic ?? "", nameof(topic), 0, ProtocolLimits.TopicNameBytesMax),
            After = EncodedTexts.Encode(after?.Name ?? "", nameof(after), 0, ProtocolLimits.TopicNameBytesMax),
            AfterKind = (byte)(after?.Kind ?? 0),
            Max = (byte)max,
        });
    }

    /// <summary>Asks for subscriptions.</summary>
    /// <exception cref="ArgumentException">A name is too long for one; the relay would end the connection.</exception>
    public static byte[] EncodeSubscriptions(string? channel, string? after, int max) =>
        Encode(new QueryBody
        {
            What = QueryKind.Subscriptions,
            Channel = EncodedTexts.Encode(channel ?? "", nameof(channel), 0, ProtocolLimits.InboxNameBytesMax),
            After = EncodedTexts.Encode(after ?? "", nameof(after), 0, ProtocolLimits.TopicNameBytesMax),
            Max = (byte)max,
        });

    private static byte[] Encode(QueryBody body)
    {
        byte[] bytes = new byte[
            QueryBody.OverheadBytesMax + body.Channel.Length + body.Locale.Length + body.Service.Length + body.Topic.Length + body.After.Length];
        body.TryEncode(bytes, out int written);
        return bytes[..written];
    }
}
