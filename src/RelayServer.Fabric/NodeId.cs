using System.Security.Cryptography;
using System.Text;

namespace RelayServer.Fabric;

/// <summary>Ids of edges and masters: a name, which lasts, and a random part, which is another one at every start.</summary>
public static class NodeId
{
    private const int RandomDigits = 12;
    private const char Separator = '-';

    /// <summary>An id that no other run of any node has.</summary>
    public static string New(string name) => $"{name}{Separator}{RandomNumberGenerator.GetHexString(RandomDigits, lowercase: true)}";

    /// <summary>The name in an id: what is before its last hyphen, or all of it when there is none to be the name.</summary>
    /// <param name="id">The id in UTF-8.</param>
    public static string NameOf(ReadOnlySpan<byte> id) => Encoding.UTF8.GetString(id.LastIndexOf((byte)Separator) is > 0 and int end ? id[..end] : id);
}
