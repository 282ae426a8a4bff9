namespace RelayServer.Identity;

/// <summary>The signature algorithms that a key can have; there is no other way to sign a token.</summary>
public enum TokenAlgorithm
{
    /// <summary>HMAC with SHA-256: whoever can check a token can also make one.</summary>
    HS256,

    /// <summary>ECDSA on P-256 with SHA-256: edges hold the public half only.</summary>
    ES256,
}
