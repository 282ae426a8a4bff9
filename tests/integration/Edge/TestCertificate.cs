using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RelayServer.Edge;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Edge;

/// <summary>A self-signed certificate in a folder, made a moment before it is used, and clients that take it.</summary>
internal sealed class TestCertificate : IDisposable
{
    private const string Subject = "CN=localhost";
    private readonly TemporaryFolder _folder = new();

    public TestCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject, key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(_folder.File("edge.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(_folder.File("edge.key"), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Makes an edge speak TLS.</summary>
    public void Use(EdgeOptions edge)
    {
        edge.TlsCertificateFile = _folder.File("edge.pem");
        edge.TlsKeyFile = _folder.File("edge.key");
    }

    /// <summary>A client whose TLS handshake is over.</summary>
    public static async Task<WireClient> ConnectAsync(IPEndPoint edge)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(edge, TestContext.Current.CancellationToken);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == Subject,
            },
            TestContext.Current.CancellationToken);
        return WireClient.Over(tls);
    }

    public void Dispose() => _folder.Dispose();
}
