using System.Text;
using System.Text.Unicode;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Client;

/// <summary>What a caller wants published. Checked when it is made, before it costs anybody anything: one bad text must not end the connection.</summary>
/// <param name="Channel">Where to.</param>
/// <param name="Text">The text; null when <paramref name="Payload"/> has the bytes.</param>
/// <param name="Payload">The bytes.</param>
/// <param name="Kind">What they are.</param>
/// <param name="Flags">Of the frame.</param>
/// <exception cref="ArgumentException">Text that is not text, or a kind that is not a client's to publish.</exception>
internal readonly record struct PublishRequest(string Channel, string? Text, ReadOnlyMemory<byte> Payload, MessageKind Kind, FrameFlags Flags)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The number that the caller chose, under which it is the same message however often it is published; null for the next one.</summary>
    public ulong? Number { get; init; }

    /// <summary>A relay that knows services takes this text for a command.</summary>
    public bool IsCommandLine =>
        Kind == MessageKind.Text && (Text is not null ? IsCommand(Text) : TypedCommand.IsCommand(Payload.Span));

    /// <summary>Bytes of the payload on the wire.</summary>
    public int PayloadBytes { get; } = Measure(Text, Payload.Span, Kind);

    private static bool IsCommand(string text) =>
        text.StartsWith(TypedCommand.Sign) && (text.Length == 1 || text[1] != TypedCommand.Sign);

    private static int Measure(string? text, ReadOnlySpan<byte> payload, MessageKind kind)
    {
        if (text is not null)
        {
            try
            {
                return StrictUtf8.GetByteCount(text);
            }
            catch (EncoderFallbackException e)
            {
                throw new ArgumentException("the text has half of a surrogate pair", nameof(text), e);
            }
        }

        if (kind is > MessageKind.Control and not MessageKind.Update)
        {
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "only Text and Data can be published");
        }

        if (kind == MessageKind.Text && !Utf8.IsValid(payload))
        {
            throw new ArgumentException("the bytes are not UTF-8; publish them as data", nameof(payload));
        }

        return payload.Length;
    }
}
