using System.ComponentModel.DataAnnotations;
using RelayServer.Identity;

namespace RelayServer.Accounts;

/// <summary>An OpenID Connect provider; section <c>Auth:Providers:N</c>.</summary>
public sealed class AuthProviderOptions
{
    /// <summary>What clients call it, such as <c>google</c>: 1 to 32 of a-z, 0-9 and -.</summary>
    [Required]
    public string Name { get; set; } = string.Empty;

    /// <summary>Its issuer identifier, which is also where its keys are found, such as <c>https://accounts.google.com</c>.</summary>
    [Required]
    public string Issuer { get; set; } = string.Empty;

    /// <summary>The client id that its tokens must be for (<c>aud</c>).</summary>
    [Required]
    public string Audience { get; set; } = string.Empty;

    /// <summary>Takes an issuer on this machine over plain http, for development.</summary>
    public bool AllowLoopbackHttp { get; set; }

    /// <summary>What is wrong with them, each beginning with its key.</summary>
    internal IEnumerable<string> FindProblems()
    {
        if (!TokenServiceName.IsValid(Name))
        {
            yield return $"Name: 1 to {TokenServiceName.CharactersMax} of a-z, 0-9 and -, beginning with a letter";
        }

        if (!Uri.TryCreate(Issuer, UriKind.Absolute, out Uri? address))
        {
            yield return "Issuer: must be an address such as https://accounts.google.com";
        }
        else if (DocumentFetcher.FindProblem(address, AllowLoopbackHttp) is { } problem)
        {
            yield return $"Issuer: {problem}";
        }
    }
}
