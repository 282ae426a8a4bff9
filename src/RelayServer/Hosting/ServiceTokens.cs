using System.Text;
using RelayServer.Adapters;
using RelayServer.Guards;
using RelayServer.Identity;
using RelayServer.Options;

namespace RelayServer.Hosting;

/// <summary>Where services have their tokens from.</summary>
internal static class ServiceTokens
{
    private const int BytesMax = 4096;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>A token of this process's own key; a new one is made whenever the old one is refused.</summary>
    public static string Mint(TrustedKey key, TokensOptions tokens, ServiceStart start, TimeProvider time) => new TokenMinter(key, tokens.Audience, time).Mint(new TokenGrant
    {
        UserId = $"service-{start.Definition.Name}",
        Lifetime = Lifetime,
        Role = TokenRole.Service,
        Service = start.Definition.Name,
    });

    /// <summary>The token in the file that the settings name; read whenever one is asked for, so that it can be renewed.</summary>
    /// <exception cref="StartException">There is none, or others may read it.</exception>
    public static string Read(ServiceStart start) => Read(start.Definition.Name, start.TokenFile);

    /// <summary>The same, for a service that has not started.</summary>
    /// <exception cref="StartException">There is none, or others may read it.</exception>
    public static string Read(string service, string? tokenFile)
    {
        string path = tokenFile
            ?? throw new StartException($"the service {service} has no token: name a file with one in TokenFile, made with "
                + $"'relay token --user {service} --role service --service {service}'");
        try
        {
            using FileStream file = File.OpenRead(path);
            if (OwnerOnlyFile.IsOpenToOthers(file))
            {
                throw new StartException($"others may use {path}; run: chmod 600 {path}");
            }

            var bytes = new byte[BytesMax + 1];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length is > 0 and <= BytesMax
                ? Encoding.UTF8.GetString(bytes, 0, length).Trim()
                : throw new StartException($"{path} does not hold a token");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{path} cannot be read: {problem.Message}", problem);
        }
    }
}
