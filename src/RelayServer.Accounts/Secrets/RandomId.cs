using System.Security.Cryptography;

namespace RelayServer.Accounts.Secrets;

/// <summary>Ids that nobody can guess.</summary>
internal static class RandomId
{
    // 128 bits and a little more.
    private const int Letters = 26;
    private const int UserLetters = 24;

    // Letters and digits that are not mistaken for each other: people see ids, and give them to commands, where none may look like an option.
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>26 small letters and digits.</summary>
    public static string Next() => RandomNumberGenerator.GetString(Alphabet, Letters);

    /// <summary>The id of a new user.</summary>
    public static string NextUser() => "u-" + RandomNumberGenerator.GetString(Alphabet, UserLetters);
}
