using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace RelayServer.Fabric;

/// <summary>What StackExchange.Redis is told: one node, and nothing that it should find out by itself.</summary>
internal static class RedisConfiguration
{
    // Looks for a dead connection this often, in seconds, also when nothing is sent.
    private const int KeepAliveSeconds = 5;
    private const int ReconnectMilliseconds = 250;

    // Each would touch what is outside the prefix, or need rights that a relay has no use for.
    private static readonly HashSet<string> UnusedCommands = ["CONFIG", "CLUSTER", "SENTINEL", "TIME", "SCRIPT", "FLUSHALL", "FLUSHDB", "KEYS"];

    public static ConfigurationOptions Create(RedisFabricOptions options, RedisEndpoint endpoint)
    {
        var configuration = new ConfigurationOptions
        {
            AbortOnConnectFail = false,
            ClientName = "relay",
            CommandMap = CommandMap.Create(UnusedCommands, available: false),
            ConfigurationChannel = "",
            ConnectRetry = 1,
            ConnectTimeout = options.ConnectTimeoutMilliseconds,
            DefaultVersion = new Version(6, 2),
            KeepAlive = KeepAliveSeconds,
            Password = options.Password,
            ReconnectRetryPolicy = new LinearRetry(ReconnectMilliseconds),
            SyncTimeout = options.CommandTimeoutMilliseconds,
            TieBreaker = "",
        };
        configuration.EndPoints.Add(endpoint.Host, endpoint.Port);
        if (options.Tls)
        {
            configuration.Ssl = true;
            configuration.SslHost = options.TlsHost ?? endpoint.Host;
            configuration.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
            if (options.TlsAuthorityFile is { } file)
            {
                Trust(configuration, file);
            }
        }

        return configuration;
    }

    private static void Trust(ConfigurationOptions configuration, string file)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new FabricException($"Redis fabric: TlsAuthorityFile {file} cannot be read as PEM: {e.Message}", e);
        }

        // Only the chain is judged anew: a wrong name or a missing certificate stays an error.
        configuration.CertificateValidation += (_, certificate, _, errors) =>
        {
            if ((errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0 || certificate is null)
            {
                return false;
            }

            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            using var presented = new X509Certificate2(certificate);
            return chain.Build(presented);
        };
    }
}
