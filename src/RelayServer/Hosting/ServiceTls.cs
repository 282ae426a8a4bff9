using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RelayServer.Adapters.Subscriptions;
using RelayServer.Client;
using RelayServer.Edge;

namespace RelayServer.Hosting;

/// <summary>How services encrypt, and whom they trust.</summary>
internal static class ServiceTls
{
    /// <summary>To edges elsewhere, as the settings say; null for plain TCP.</summary>
    /// <exception cref="StartException">The authority's file cannot be used.</exception>
    public static Func<RelayEndpoint, SslClientAuthenticationOptions>? Of(AdaptersOptions options)
    {
        if (options.TlsAuthorityFile is not { } file)
        {
            return options.Tls ? edge => new SslClientAuthenticationOptions { TargetHost = edge.Host } : null;
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StartException($"Adapters:TlsAuthorityFile: {file} cannot be read as PEM: {problem.Message}", problem);
        }

        return edge =>
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            return new SslClientAuthenticationOptions { TargetHost = edge.Host, CertificateChainPolicy = policy };
        };
    }

    /// <summary>To the edges of this process: whoever issued their certificate and for what name, it is the one in the edge's file.</summary>
    public static Func<RelayEndpoint, SslClientAuthenticationOptions>? OfOwn(EdgeOptions edges)
    {
        if (edges.TlsCertificateFile is not { } file)
        {
            return null;
        }

        return edge => new SslClientAuthenticationOptions { TargetHost = edge.Host, RemoteCertificateValidationCallback = (_, shown, _, _) => IsIn(file, shown) };
    }

    private static bool IsIn(string file, X509Certificate? shown)
    {
        using X509Certificate2 own = X509Certificate2.CreateFromPem(File.ReadAllText(file));
        return shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(own.RawDataMemory.Span);
    }
}
