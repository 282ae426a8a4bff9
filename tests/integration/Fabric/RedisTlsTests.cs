using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Fabric;

/// <summary>Redis over TLS: the right certificate is needed, and enough.</summary>
public sealed class RedisTlsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly CapturedLogs _logs = new();
    private readonly int _tlsPort = RedisServer.FindFreePort();
    private RedisServer? _server;

    private string AuthorityFile => _folder.File("authority.pem");

    public async ValueTask InitializeAsync()
    {
        await WriteCertificatesAsync();
        _server = await RedisServer.StartAsync(
            "--tls-port", _tlsPort.ToString(CultureInfo.InvariantCulture),
            "--tls-cert-file", _folder.File("server.pem"),
            "--tls-key-file", _folder.File("server.key"),
            "--tls-ca-cert-file", AuthorityFile,
            "--tls-auth-clients", "no");
    }

    public async ValueTask DisposeAsync()
    {
        await (_server?.DisposeAsync() ?? default);
        _folder.Dispose();
    }

    [Fact]
    public async Task ConnectAsync_KnownAuthority_Works()
    {
        await using RedisFabric fabric = await ConnectAsync(options => options.TlsAuthorityFile = AuthorityFile);
        Assert.True(fabric.IsConnected, string.Join('\n', _logs.Lines));
        Assert.Equal(Slot.Count, (await fabric.ClaimSlotsAsync("m", 0, TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task ConnectAsync_UnknownAuthority_NotConnected()
    {
        await using RedisFabric fabric = await ConnectAsync(_ => { });
        Assert.False(fabric.IsConnected);
        Assert.Contains("(TLS failure: ", fabric.NotReadyReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectAsync_OtherName_NotConnected()
    {
        await using RedisFabric fabric = await ConnectAsync(options =>
        {
            options.TlsAuthorityFile = AuthorityFile;
            options.TlsHost = "other.example";
        });
        Assert.False(fabric.IsConnected);
    }

    [Fact]
    public async Task ConnectAsync_AuthorityFileMissing_ThrowsNamingIt()
    {
        string missing = _folder.File("missing.pem");
        FabricException error = await Assert.ThrowsAsync<FabricException>(() => ConnectAsync(options => options.TlsAuthorityFile = missing));
        Assert.Contains(missing, error.Message, StringComparison.Ordinal);
    }

    private async Task<RedisFabric> ConnectAsync(Action<RedisFabricOptions> change)
    {
        var options = new RedisFabricOptions
        {
            Endpoints = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_tlsPort}"), Tls = true, TlsHost = "redis.example",
        };
        change(options);
        return await RedisFabric.ConnectAsync(options, _logs, TestContext.Current.CancellationToken);
    }

    private async Task WriteCertificatesAsync()
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=relay test authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 authority = authorityRequest.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));

        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=redis.example", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("redis.example");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(authority, now.AddDays(-1), now.AddDays(1), [1, 2, 3, 4]);

        await File.WriteAllTextAsync(AuthorityFile, authority.ExportCertificatePem());
        await File.WriteAllTextAsync(_folder.File("server.pem"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(_folder.File("server.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
