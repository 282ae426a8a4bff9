using System.Buffers;
using System.Text;

namespace RelayServer.Protocol;

/// <summary>
/// The names of services, of their verbs and parameters: a small letter, then small letters, digits and <c>-</c>; at most
/// <see cref="ProtocolLimits.ServiceWordBytesMax"/> bytes.
/// </summary>
public static class ServiceName
{
    private static readonly SearchValues<byte> Alphabet = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-"u8);

    /// <summary>True when <paramref name="name"/> can name one.</summary>
    public static bool IsValid(ReadOnlySpan<byte> name) => IsWord(name, ProtocolLimits.ServiceWordBytesMax);

    /// <summary>True when <paramref name="name"/> can name one.</summary>
    public static bool IsValid(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length <= ProtocolLimits.ServiceWordBytesMax && IsValid(Encoding.UTF8.GetBytes(name));
    }

    internal static bool IsWord(ReadOnlySpan<byte> name, int bytesMax) =>
        name.Length > 0 && name.Length <= bytesMax && char.IsAsciiLetterLower((char)name[0]) && !name.ContainsAnyExcept(Alphabet);
}
