using System.ComponentModel.DataAnnotations;

namespace RelayServer.Options;

/// <summary>One key that tokens are checked with; section <c>Tokens:Keys:N</c>.</summary>
public sealed class TokenKeyOptions
{
    /// <summary>A JSON Web Key or, for ES256, a PEM file. A file with a secret has mode 0600.</summary>
    [Required]
    public string File { get; set; } = string.Empty;

    /// <summary>The key id (<c>kid</c>); null takes the one in the file.</summary>
    public string? Id { get; set; }

    /// <summary>The only issuer whose tokens this key checks; null takes <c>Tokens:Issuer</c>.</summary>
    public string? Issuer { get; set; }
}
