using System.Buffers;
using System.Globalization;
using System.Text;
using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.Cli.Chat;

/// <summary>How a message becomes bytes on the output when that is not a terminal.</summary>
internal static class ChatFormat
{
    private const int QuoteCharactersMax = 40;

    /// <summary>The text and a line feed, nothing else: a file that was piped in comes out byte for byte.</summary>
    public static void WritePlain(IBufferWriter<byte> output, RelayMessage message)
    {
        output.Write(message.Payload.Span);
        output.Write("\n"u8);
    }

    /// <summary>When a message was sent, for a person: the time, and the day unless it is today.</summary>
    public static string When(DateTimeOffset at, DateTimeOffset now)
    {
        DateTimeOffset local = at.ToOffset(now.Offset);
        return local.ToString(local.Date == now.Date ? "HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    /// <summary>What a message says, for a person; not safe for a terminal yet.</summary>
    public static string What(RelayMessage message) => message.Kind == MessageKind.Text
        ? message.Text
        : string.Create(CultureInfo.InvariantCulture, $"({message.Payload.Length} bytes of data)");

    /// <summary>A line as it is quoted to the one who typed it: its beginning.</summary>
    public static string Quote(InputLine line)
    {
        string text = Encoding.UTF8.GetString(line.Bytes);
        if (text.Length <= QuoteCharactersMax)
        {
            return $"\"{text}\"";
        }

        int length = char.IsHighSurrogate(text[QuoteCharactersMax - 1]) ? QuoteCharactersMax - 1 : QuoteCharactersMax;
        return $"\"{text[..length]}\u2026\"";
    }

    /// <summary>Why a line was given up, for a person: only a final refusal says for certain that it is not in the room.</summary>
    public static string Refusal(RelayException e) => e switch
    {
        { Family: ErrorFamily.Final, Code: not ErrorCode.NumberExpired } => e.Message,
        { Code: ErrorCode.SlowMode } => string.Create(
            CultureInfo.InvariantCulture, $"slow mode: your turn is in {Math.Ceiling(e.RetryAfter.TotalSeconds):0} s"),
        { Code: ErrorCode.None } => $"{e.Message}; it may or may not have arrived",
        _ => string.Create(
            CultureInfo.InvariantCulture, $"the relay did not accept it, {(int)e.Code} {e.Code}; it may or may not have arrived"),
    };
}
