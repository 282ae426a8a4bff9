using System.Text;
using System.Text.Unicode;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>Checks a payload before it costs anybody anything: one bad text must not end the connection.</summary>
internal static class PublishPayload
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Bytes of the payload on the wire.</summary>
    /// <exception cref="ArgumentException">It is not text.</exception>
    public static int Measure(string? text, ReadOnlySpan<byte> payload, MessageKind kind)
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

        if (kind > MessageKind.Data)
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
