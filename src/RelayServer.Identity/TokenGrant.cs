namespace RelayServer.Identity;

/// <summary>What a new token is to say.</summary>
public sealed record TokenGrant
{
    /// <summary>Its subject.</summary>
    public required string UserId { get; init; }

    /// <summary>Until its expiry; whole seconds, 1 s to <see cref="TokenMinter.LifetimeMax"/>.</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary>Whom it is for; null takes the minter's audience.</summary>
    public string? Audience { get; init; }

    /// <summary>What its holder is in every room. A token for a member names no role.</summary>
    public TokenRole Role { get; init; } = TokenRole.Member;

    /// <summary>The one service that the holder may register and speak for; null names none. Only with <see cref="TokenRole.Service"/>.</summary>
    public string? Service { get; init; }

    /// <summary>The services that the user allowed, at most <see cref="TokenServiceName.ConsentsMax"/>; null leaves the user free.</summary>
    public IReadOnlyList<string>? Consents { get; init; }

    /// <summary>The sign-in that it belongs to and can be revoked with, up to 128 visible ASCII characters; null names none.</summary>
    public string? SessionId { get; init; }
}
