using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Client;

/// <summary>An authority of the test's own and a certificate for an edge that it has signed, as PEM files.</summary>
internal sealed class EdgeCertificate : IDisposable
{
    private readonly TemporaryFolder _folder = new();

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

    public void Dispose() => _folder.Dispose();
}
