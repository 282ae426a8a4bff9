using RelayServer.Identity;
using RelayServer.Options;
using RelayServer.Protocol;

namespace RelayServer.Hosting;

/// <summary>
/// Puts this start's signing key and a chat token into the data folder while everything else runs. It starts last and
/// stops first: who finds a token there can use it.
/// </summary>
internal sealed class CredentialsPart(
    DataFolderPart folder, TrustedKey key, TokensOptions tokens, LocalOptions local, TimeProvider time) : IRelayPart
{
    private bool _written;

    public string Name => "credentials";

    public string? NotReadyReason => _written ? null : "not written";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        string? problem = UserId.FindProblem(local.TokenUser);
        if (problem is not null)
        {
            throw new StartException($"Local:TokenUser: the user id {problem}");
        }

        string token = new TokenMinter(key, tokens.Audience, time).Mint(local.TokenUser, TimeSpan.FromHours(local.TokenHours));
        folder.Folder.WriteCredentials(key.Key, token);
        _written = true;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _written = false;
        folder.Folder.DeleteCredentials();
        return Task.CompletedTask;
    }
}
