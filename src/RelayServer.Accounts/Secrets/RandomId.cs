using System.Buffers.Text;
using System.Security.Cryptography;

namespace RelayServer.Accounts.Secrets;

/// <summary>Ids that nobody can guess.</summary>
internal static class RandomId
{
    private const int IdBytes = 16;
    private const int UserLetters = 24;

    // Letters and digits that are not mistaken for each other: people see user ids in chat.
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>22 characters of base64url.</summary>
    public static string Next() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));

    /// <summary>The id of a new user.</summary>
    public static string NextUser() => "u-" + RandomNumberGenerator.GetString(Alphabet, UserLetters);
}
