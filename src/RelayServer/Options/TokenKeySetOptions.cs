using System.ComponentModel.DataAnnotations;

namespace RelayServer.Options;

/// <summary>Keys of an issuer that are read from an address; section <c>Tokens:KeySets:N</c>.</summary>
public sealed class TokenKeySetOptions
{
    /// <summary>The key set: https, or http on this machine.</summary>
    public Uri? Url { get; set; }

    /// <summary>The only issuer whose tokens these keys check.</summary>
    [Required]
    public string Issuer { get; set; } = "relay-auth";

    /// <summary>The list of revoked sign-ins; null when the issuer has none.</summary>
    public Uri? RevocationsUrl { get; set; }

    /// <summary>Time between two reads of the keys, in seconds; also read when a token names a key that is not known.</summary>
    [Range(10, 86_400)]
    public int RefreshSeconds { get; set; } = 300;

    /// <summary>Time between two reads of the revocations, in seconds.</summary>
    [Range(1, 3600)]
    public int RevocationsSeconds { get; set; } = 10;
}
