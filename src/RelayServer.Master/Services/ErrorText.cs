using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Master.Services;

/// <summary>Texts for people as ERROR carries them.</summary>
internal static class ErrorText
{
    /// <summary>In UTF-8; what is too long ends with three dots.</summary>
    public static byte[] Utf8(string text)
    {
        const int DotsBytes = 3;
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        if (utf8.Length <= ProtocolLimits.TextBytesMax)
        {
            return utf8;
        }

        int end = ProtocolLimits.TextBytesMax - DotsBytes;
        while ((utf8[end] & 0xc0) == 0x80)
        {
            end--;
        }

        return [.. utf8[..end], .. "..."u8];
    }
}
