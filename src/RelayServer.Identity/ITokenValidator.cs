namespace RelayServer.Identity;

/// <summary>Decides who a token's holder is.</summary>
public interface ITokenValidator
{
    /// <summary>Validates a token at the present time.</summary>
    ValueTask<TokenResult> ValidateAsync(string token);

    /// <summary>Learns which tokens were revoked meanwhile; may read a file. Where none can be, there is nothing to learn.</summary>
    /// <returns>Another number than before when one that was good may be revoked now.</returns>
    int RefreshRevocations() => 0;

    /// <summary>True when a token that was good has been revoked since, as far as was learnt.</summary>
    /// <param name="token">Which, as <see cref="ValidateAsync"/> gave it.</param>
    /// <param name="userId">Its subject.</param>
    bool IsRevoked(TokenIdentity token, string userId) => false;
}
