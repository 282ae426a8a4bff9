namespace RelayServer.Identity;

/// <summary>What a <see cref="TokenValidator"/> trusts.</summary>
public sealed class TokenValidatorOptions
{
    /// <summary>The most clock difference that may be allowed.</summary>
    public static readonly TimeSpan SkewMax = TimeSpan.FromSeconds(30);

    /// <summary>What <c>aud</c> must contain.</summary>
    public required string Audience { get; init; }

    /// <summary>The keys, each for one issuer; a pair of issuer and key id at most once. At least one where there is no key source.</summary>
    public required IReadOnlyList<TrustedKey> Keys { get; init; }

    /// <summary>How far the issuer's clock may be off, at most <see cref="SkewMax"/>.</summary>
    public TimeSpan Skew { get; init; } = SkewMax;

    /// <summary>Where further keys come from.</summary>
    public IReadOnlyList<ITokenKeySource> KeySources { get; init; } = [];

    /// <summary>Who knows of tokens that were revoked before their expiry.</summary>
    public IReadOnlyList<ITokenRevocations> Revocations { get; init; } = [];
}
