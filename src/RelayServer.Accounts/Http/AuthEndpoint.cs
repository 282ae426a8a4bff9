namespace RelayServer.Accounts.Http;

/// <summary>One thing that can be asked for.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path; one that ends with a slash takes one more segment.</param>
/// <param name="NeedsUser">Only with an access token.</param>
/// <param name="AnswerAsync">Answers it.</param>
internal sealed record AuthEndpoint(string Method, string Path, bool NeedsUser, Func<AuthRequest, Task<AuthReply>> AnswerAsync)
{
    /// <summary>Its name in metrics and logs.</summary>
    public string Name { get; } = $"{Method} {Path}";
}
