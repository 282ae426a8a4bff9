using System.Buffers;

namespace RelayServer.Protocol;

/// <summary>
/// The names of channels: a letter or digit, then letters, digits, <c>.</c>, <c>_</c> and <c>-</c>; at most
/// <see cref="ProtocolLimits.ChannelNameBytesMax"/> bytes. A colon is kept for other kinds than rooms.
/// </summary>
public static class ChannelName
{
    private static readonly SearchValues<byte> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"u8);

    /// <summary>True when <paramref name="name"/> can name a room.</summary>
    public static bool IsValid(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= ProtocolLimits.ChannelNameBytesMax
        && char.IsAsciiLetterOrDigit((char)name[0])
        && !name.ContainsAnyExcept(Alphabet);

    /// <summary>True when <paramref name="name"/> can name a room.</summary>
    public static bool IsValid(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length > ProtocolLimits.ChannelNameBytesMax || !System.Text.Ascii.IsValid(name))
        {
            return false;
        }

        Span<byte> ascii = stackalloc byte[name.Length];
        System.Text.Encoding.ASCII.GetBytes(name, ascii);
        return IsValid(ascii);
    }
}
