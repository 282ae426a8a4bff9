using System.Buffers;

namespace RelayServer.Identity;

/// <summary>The names of services in a token's claims <c>service</c> and <c>consents</c>: 1 to 32 of <c>a-z0-9-</c>, beginning with a letter.</summary>
public static class TokenServiceName
{
    /// <summary>The claim that names the one service that the token's holder may speak for.</summary>
    public const string ServiceClaim = "service";

    /// <summary>The claim that lists the services that the user allowed.</summary>
    public const string ConsentsClaim = "consents";

    /// <summary>The longest name, in characters.</summary>
    public const int CharactersMax = 32;

    /// <summary>The most services that a token lists.</summary>
    public const int ConsentsMax = 64;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>True when it may be a service's name.</summary>
    public static bool IsValid(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= CharactersMax
        && name[0] is >= 'a' and <= 'z'
        && !name.ContainsAnyExcept(Alphabet);
}
