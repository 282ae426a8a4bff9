using Microsoft.IdentityModel.JsonWebTokens;
using RelayServer.Cli.Connections;
using RelayServer.Hosting;
using RelayServer.Identity;

namespace RelayServer.Cli;

/// <summary>Tokens signed with the key that a running one-process relay keeps in its data folder.</summary>
internal static class LocalToken
{
    /// <summary>The key, with the issuer and the audience that the relay asks for: those of its own token beside the key.</summary>
    /// <param name="data">The data folder; null for the usual one.</param>
    /// <param name="id">The key id to use instead of the key's own.</param>
    /// <param name="otherAdvice">What else the command at hand offers when no relay runs there, as the end of a sentence.</param>
    /// <exception cref="CommandFailureException">No relay runs there: the same failure as one that cannot be connected to.</exception>
    /// <exception cref="StartException">The key or the token is not usable.</exception>
    public static (TrustedKey Key, string Audience) Read(string? data, string? id = null, string otherAdvice = "")
    {
        string folder = DataFolder.Locate(data ?? Environment.GetEnvironmentVariable("RELAY_DATA"));
        string path = DataFolder.KeyFileIn(folder);
        if (!File.Exists(path))
        {
            throw new CommandFailureException(
                ClientExitCode.Connection,
                $"no relay runs on the data folder {folder}; start one with 'relay' or name its folder with --data DIR{otherAdvice}");
        }

        SigningKey key = ReadKeyFile(path, id);
        JsonWebToken token = ReadToken(DataFolder.TokenFileIn(folder));
        return (new TrustedKey(token.Issuer, key), token.Audiences.First());
    }

    /// <summary>The key in a file.</summary>
    /// <exception cref="StartException">It is not usable.</exception>
    public static SigningKey ReadKeyFile(string path, string? id)
    {
        try
        {
            return SigningKeyFile.Read(path, id);
        }
        catch (KeyException problem)
        {
            throw new StartException(problem.Message, problem);
        }
    }

    /// <summary>Makes a token.</summary>
    /// <exception cref="StartException">The key cannot sign, or user id, lifetime or service are not allowed.</exception>
    public static string Mint(
        TrustedKey key, string audience, string user, TimeSpan lifetime, TokenRole role = TokenRole.Member, string? service = null)
    {
        try
        {
            return new TokenMinter(key, audience, TimeProvider.System).Mint(
                new TokenGrant { UserId = user, Lifetime = lifetime, Role = role, Service = service });
        }
        catch (KeyException problem)
        {
            throw new StartException(problem.Message, problem);
        }
        catch (ArgumentException problem)
        {
            int parameter = problem.Message.IndexOf(" (Parameter", StringComparison.Ordinal);
            throw new StartException(parameter < 0 ? problem.Message : problem.Message[..parameter], problem);
        }
    }

    private static JsonWebToken ReadToken(string path)
    {
        try
        {
            return new JsonWebToken(File.ReadAllText(path).Trim());
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"the token of the running relay cannot be read: {problem.Message}", problem);
        }
        catch (ArgumentException problem)
        {
            throw new StartException($"{path} does not hold the token of the running relay; start the relay again", problem);
        }
    }
}
