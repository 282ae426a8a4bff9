using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RelayServer.Edge;

namespace RelayServer.IntegrationTests.Support;

/// <summary>
/// An authority of the test's own and a certificate for an edge that it has signed, as PEM files, and clients that take it.
/// </summary>
internal sealed class EdgeCertificate : IDisposable
{
    private const string LocalName = "localhost";
    private readonly TemporaryFolder _folder = new();

    /// <summary>For this machine, good for a day.</summary>
    public EdgeCertificate()
        : this(LocalName, forLoopback: true, TimeSpan.FromDays(1))
    {
    }

    /// <summary>Makes both.</summary>
    /// <param name="dnsName">Whom the certificate is for, besides 127.0.0.1 when <paramref name="forLoopback"/>.</param>
    /// <param name="forLoopback">Whether it is for 127.0.0.1, too.</param>
    /// <param name="expires">From now.</param>
    public EdgeCertificate(string dnsName, bool forLoopback, TimeSpan expires)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=edge test authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 authority = authorityRequest.CreateSelfSigned(now.AddDays(-9), now.AddDays(9));

        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={dnsName}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dnsName);
        if (forLoopback)
        {
            names.AddIpAddress(IPAddress.Loopback);
        }

        request.CertificateExtensions.Add(names.Build());
        Expires = now + expires;
        using X509Certificate2 certificate = request.Create(authority, now.AddDays(-8), Expires, [1, 2, 3, 4]);
        File.WriteAllText(AuthorityFile, authority.ExportCertificatePem());
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    public DateTimeOffset Expires { get; }

    public string AuthorityFile => _folder.File("authority.pem");

    public string CertificateFile => _folder.File("edge.pem");

    public string KeyFile => _folder.File("edge.key");

    /// <summary>A client whose TLS handshake with an edge for this machine is over.</summary>
    public static async Task<WireClient> ConnectAsync(IPEndPoint edge)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(edge, TestContext.Current.CancellationToken);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = LocalName,
                RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == $"CN={LocalName}",
            },
            TestContext.Current.CancellationToken);
        return WireClient.Over(tls);
    }

    /// <summary>Makes an edge speak TLS.</summary>
    public void Use(EdgeOptions edge)
    {
        edge.TlsCertificateFile = CertificateFile;
        edge.TlsKeyFile = KeyFile;
    }

    public void Dispose() => _folder.Dispose();
}
