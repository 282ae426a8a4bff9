namespace RelayServer.Identity;

/// <summary>Knows which tokens were revoked before their expiry. Asked at each sign-in, and about open sessions when it has changed; from any thread.</summary>
public interface ITokenRevocations
{
    /// <summary>Learns what was revoked meanwhile, where that is not done in the background; so it may read a file, once a second at most.</summary>
    /// <returns>Another number than before when the list is another.</returns>
    int Refresh();

    /// <summary>True when the token was revoked, by itself, with its sign-in, or with all of its user's, as far as was learnt.</summary>
    /// <param name="token">Which.</param>
    /// <param name="userId">Its subject.</param>
    bool IsRevoked(TokenIdentity token, string userId);
}
