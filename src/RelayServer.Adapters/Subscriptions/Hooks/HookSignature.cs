using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RelayServer.Adapters.Subscriptions.Hooks;

/// <summary>
/// The signature of a post: <c>v1=</c> and HMAC-SHA-256, in lower-case hexadecimal digits, over the timestamp as it is written in its header, a
/// full stop and the bytes of the body.
/// </summary>
internal static class HookSignature
{
    /// <summary>The header with the time of sending, in seconds since 1970.</summary>
    public const string TimestampHeader = "X-Relay-Timestamp";

    /// <summary>The header with the signature, or several separated by commas.</summary>
    public const string SignatureHeader = "X-Relay-Signature";

    private const string Version = "v1=";
    private const int TimestampCharactersMax = 12;

    /// <summary>The signature of a post.</summary>
    public static string Create(byte[] secret, string timestamp, ReadOnlySpan<byte> body) =>
        Version + Convert.ToHexStringLower(Hash(secret, timestamp, body));

    /// <summary>True when one of the signatures was made with one of the secrets.</summary>
    public static bool IsValid(IReadOnlyList<byte[]> secrets, string timestamp, ReadOnlySpan<byte> body, string signatures)
    {
        bool valid = false;
        byte[][] given = [.. Read(signatures)];
        foreach (byte[] secret in secrets)
        {
            byte[] expected = Hash(secret, timestamp, body);
            foreach (byte[] signature in given)
            {
                // Every pair is compared: how long it takes says nothing about which secret it was.
                valid |= CryptographicOperations.FixedTimeEquals(expected, signature);
            }
        }

        return valid;
    }

    /// <summary>Reads a timestamp; null when it is none.</summary>
    public static DateTimeOffset? ReadTimestamp(string text) =>
        text.Length <= TimestampCharactersMax && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
        && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static byte[] Hash(byte[] secret, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hash.AppendData(Encoding.ASCII.GetBytes(timestamp + "."));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }

    private static IEnumerable<byte[]> Read(string signatures)
    {
        foreach (string signature in signatures.Split(',', HookLimits.SignaturesMax + 1, StringSplitOptions.TrimEntries).Take(HookLimits.SignaturesMax))
        {
            byte[] bytes = new byte[HMACSHA256.HashSizeInBytes];
            if (signature.StartsWith(Version, StringComparison.Ordinal) && signature.Length == Version.Length + (2 * bytes.Length)
                && Convert.FromHexString(signature.AsSpan(Version.Length), bytes, out _, out _) == System.Buffers.OperationStatus.Done)
            {
                yield return bytes;
            }
        }
    }
}
