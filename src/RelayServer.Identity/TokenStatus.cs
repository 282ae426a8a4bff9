namespace RelayServer.Identity;

/// <summary>What a validator says of a token.</summary>
public enum TokenStatus
{
    /// <summary>Good.</summary>
    Valid,

    /// <summary>Not one of ours: shape, key, signature, issuer or audience.</summary>
    Invalid,

    /// <summary>Past its expiry.</summary>
    Expired,

    /// <summary>Revoked before its expiry.</summary>
    Revoked,
}
