using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RelayServer.Client;

namespace RelayServer.Cli.Connections;

/// <summary>How a chat encrypts and whom it trusts.</summary>
/// <param name="authorities">Who may have signed the edge's certificate; null for whom this machine trusts.</param>
internal sealed class ConnectionTls(X509Certificate2Collection? authorities)
{
    /// <summary>Reads a PEM file of authorities; says what is wrong with it, or null.</summary>
    public static string? TryReadAuthorities(string file, out X509Certificate2Collection authorities)
    {
        authorities = [];
        try
        {
            authorities.ImportFromPemFile(file);
            return authorities.Count > 0 ? null : $"--tls-authority {file}: there is no certificate in it";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"--tls-authority {file} cannot be read as PEM: {e.Message}";
        }
    }

    /// <summary>What the connection to one edge asks for.</summary>
    public SslClientAuthenticationOptions OptionsFor(RelayEndpoint edge)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = edge.Host };
        if (authorities is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        return options;
    }
}
