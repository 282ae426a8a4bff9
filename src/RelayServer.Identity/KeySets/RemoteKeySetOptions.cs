namespace RelayServer.Identity;

/// <summary>Where the keys of an issuer are read from.</summary>
public sealed class RemoteKeySetOptions
{
    /// <summary>The issuer whose tokens they check.</summary>
    public required string Issuer { get; init; }

    /// <summary>The key set; https, or http on this machine.</summary>
    public required Uri Address { get; init; }

    /// <summary>The list of revoked sign-ins; null when there is none.</summary>
    public Uri? RevocationsAddress { get; init; }

    /// <summary>Between two reads of the keys. Default 5 minutes.</summary>
    public TimeSpan KeysInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Between two reads of the revocations. Default 10 s.</summary>
    public TimeSpan RevocationsInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The least time between two reads because of unknown keys. Default 10 s.</summary>
    public TimeSpan UnknownKeyInterval { get; init; } = TimeSpan.FromSeconds(10);
}
