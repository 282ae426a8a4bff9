using System.Security.Cryptography;
using System.Text;

namespace RelayServer.Storage;

/// <summary>One step from a schema to the next.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Name">Its name.</param>
/// <param name="Sql">What it does, with the placeholders of <see cref="SqlDialect"/>.</param>
internal sealed record Migration(int Number, string Name, string Sql)
{
    /// <summary>Tells whether a migration that was applied is still the same. Line ends are no change.</summary>
    public string Checksum =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));
}
