using System.Security.Cryptography;

namespace RelayServer.Protocol;

/// <summary>
/// What a service knows a user by, in place of his user id: for one service always the same, for two services not to be brought
/// together without the key. 26 letters and digits: 128 bits of HMAC-SHA-256 over the service, a zero byte and the user id.
/// </summary>
public static class PairwiseSubject
{
    /// <summary>Length of the key, in bytes.</summary>
    public const int KeyBytes = 32;

    private const int HashBytes = 16;
    private const int BitsPerLetter = 5;

    private static ReadOnlySpan<byte> Letters => "abcdefghijklmnopqrstuvwxyz234567"u8;

    /// <summary>The subject of a user for a service.</summary>
    /// <param name="key">The secret of the deployment, <see cref="KeyBytes"/> long.</param>
    /// <param name="service">The service's name.</param>
    /// <param name="userId">The user id, in UTF-8.</param>
    public static string Of(ReadOnlySpan<byte> key, ReadOnlySpan<byte> service, ReadOnlySpan<byte> userId)
    {
        Span<byte> text = stackalloc byte[service.Length + 1 + userId.Length];
        service.CopyTo(text);
        text[service.Length] = 0;
        userId.CopyTo(text[(service.Length + 1)..]);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, text, hash);
        return Base32(hash[..HashBytes]);
    }

    // RFC 4648, section 6, in small letters and without padding.
    private static string Base32(ReadOnlySpan<byte> bytes)
    {
        Span<char> letters = stackalloc char[((bytes.Length * 8) + BitsPerLetter - 1) / BitsPerLetter];
        uint held = 0;
        int bits = 0;
        int written = 0;
        foreach (byte value in bytes)
        {
            held = (held << 8) | value;
            for (bits += 8; bits >= BitsPerLetter; bits -= BitsPerLetter)
            {
                letters[written++] = (char)Letters[(int)(held >> (bits - BitsPerLetter)) & 31];
            }
        }

        if (bits > 0)
        {
            letters[written] = (char)Letters[(int)(held << (BitsPerLetter - bits)) & 31];
        }

        return new string(letters);
    }
}
