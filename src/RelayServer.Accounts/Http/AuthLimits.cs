namespace RelayServer.Accounts.Http;

/// <summary>What a request may be.</summary>
internal static class AuthLimits
{
    public const int BodyBytesMax = 16 * 1024;
    public const int HeaderBytesMax = 16 * 1024;
    public const int ConnectionsMax = 1000;
    public const int ConnectionsPerAddressMax = 100;
    public const int ConnectionsPerSiteMax = 500;
    public const int DepthMax = 2;
    public const int ChallengeCharactersMax = 64;
    public const int RefreshTokenCharactersMax = 256;
    public const int NonceCharactersMax = 256;
    public static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(60);
}
