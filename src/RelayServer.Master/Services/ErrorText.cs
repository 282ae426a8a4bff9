using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Master.Services;

/// <summary>Texts for people as ERROR carries them.</summary>
internal static class ErrorText
{
    private const int DotsBytes = 3;

    /// <summary>In UTF-8; what is too long ends with three dots.</summary>
    public static byte[] Utf8(string text) => Cut(text, ProtocolLimits.TextBytesMax);

    /// <summary>In UTF-8; when both are too long together, it is the first that is cut.</summary>
    public static byte[] Utf8(string text, string end)
    {
        byte[] kept = Utf8(end);
        return [.. Cut(text, ProtocolLimits.TextBytesMax - kept.Length), .. kept];
    }

    private static byte[] Cut(string text, int bytesMax)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        if (utf8.Length <= bytesMax)
        {
            return utf8;
        }

        int end = Math.Max(0, bytesMax - DotsBytes);
        while (end > 0 && (utf8[end] & 0xc0) == 0x80)
        {
            end--;
        }

        return [.. utf8[..end], .. "..."u8[..Math.Min(DotsBytes, bytesMax)]];
    }
}
