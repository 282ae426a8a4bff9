using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using RelayServer.Accounts.Secrets;

namespace RelayServer.Accounts.Sessions;

/// <summary>
/// A refresh token: the sign-in, its number in it, and a proof that only the server can make, from its secret and what the database keeps
/// of the sign-in. So the same token can be given again to a client that lost the answer, and none is kept anywhere.
/// </summary>
internal readonly record struct RefreshToken(string SessionId, long Generation, byte[] Proof)
{
    private const string Version = "r1";
    private const int CharactersMax = 200;
    private const int Parts = 4;

    /// <summary>Makes the token of this number.</summary>
    public static string Create(AuthSecret secret, string sessionId, long generation, ReadOnlySpan<byte> seed) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Version}.{sessionId}.{generation}.{Base64Url.EncodeToString(secret.RefreshProof(sessionId, generation, seed))}");

    /// <summary>Reads one; false when it is none of ours at first sight.</summary>
    public static bool TryParse(string text, out RefreshToken token)
    {
        token = default;
        string[] parts = text.Length > CharactersMax ? [] : text.Split('.');
        if (parts.Length != Parts || parts[0] != Version || parts[1].Length == 0
            || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out long generation)
            || !Base64Url.IsValid(parts[3], out int length) || length != HMACSHA256.HashSizeInBytes)
        {
            return false;
        }

        token = new RefreshToken(parts[1], generation, Base64Url.DecodeFromChars(parts[3]));
        return true;
    }

    /// <summary>True when the server made it.</summary>
    public bool IsOurs(AuthSecret secret, ReadOnlySpan<byte> seed) =>
        CryptographicOperations.FixedTimeEquals(Proof, secret.RefreshProof(SessionId, Generation, seed));
}
