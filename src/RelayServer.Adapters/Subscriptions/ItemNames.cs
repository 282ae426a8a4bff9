using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace RelayServer.Adapters.Subscriptions;

/// <summary>Names of items: the same for ever for what a source calls by one id, and nothing that a source can choose.</summary>
internal static class ItemNames
{
    private const int HashBytes = 16;
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>The name of an item.</summary>
    public static string Of(string source, string id) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{source}\n{id}")).AsSpan(0, HashBytes));

    /// <summary>True for what can be the name of an item; users may say anything.</summary>
    public static bool IsName(string item) => item.Length == 2 * HashBytes && !item.AsSpan().ContainsAnyExcept(Digits);
}
