using System.ComponentModel.DataAnnotations;
using RelayServer.Identity;

namespace RelayServer.Options;

/// <summary>Which tokens are accepted; section <c>Tokens</c>.</summary>
public sealed class TokensOptions
{
    /// <summary>What <c>aud</c> must contain.</summary>
    [Required]
    public string Audience { get; set; } = "relay";

    /// <summary>The issuer of the keys that name none.</summary>
    [Required]
    public string Issuer { get; set; } = "relay";

    /// <summary>How far an issuer's clock may be off, in seconds.</summary>
    [Range(0, 30)]
    public int SkewSeconds { get; set; } = 30;

    /// <summary>A file with one revoked token id (<c>jti</c>), <c>session:ID</c> (<c>sid</c>) or <c>user:ID</c> a line; read again when it changes. Null revokes nothing.</summary>
    public string? RevokedFile { get; set; }

    /// <summary>The keys. None is needed by the one-process relay, which makes its own.</summary>
    public IList<TokenKeyOptions> Keys { get; set; } = [];

    /// <summary>Key sets of issuers that change their keys themselves, such as <c>relay auth</c>.</summary>
    public IList<TokenKeySetOptions> KeySets { get; set; } = [];

    /// <summary>What is wrong with settings that no rule of one property tells; each begins with its key below <c>Tokens</c>.</summary>
    internal IEnumerable<string> FindProblems()
    {
        foreach ((int index, TokenKeySetOptions set) in KeySets.Index())
        {
            if (set.Url is null)
            {
                yield return $"KeySets:{index}:Url: is needed";
            }
            else if (DocumentFetcher.FindProblem(set.Url) is { } problem)
            {
                yield return $"KeySets:{index}:Url: {problem}";
            }

            if (set.RevocationsUrl is not null && DocumentFetcher.FindProblem(set.RevocationsUrl) is { } other)
            {
                yield return $"KeySets:{index}:RevocationsUrl: {other}";
            }
        }
    }
}
