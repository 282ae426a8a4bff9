using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary>A small OpenID Connect provider: discovery, key set, id tokens with RS256 and ES256, and whatever a test breaks of it.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    public const string Audience = "relay-client";

    private readonly WebApplication _server;
    private readonly List<(string Id, RSA? Rsa, ECDsa? Curve)> _keys = [];
    private int _reads;

    private TestIssuer(WebApplication server) => _server = server;

    /// <summary>Its issuer identifier.</summary>
    public string Issuer { get; private set; } = string.Empty;

    /// <summary>Answers in place of what it would say; null says it as it is. By path.</summary>
    public Func<string, (int Status, string Body)?> Override { get; set; } = _ => null;

    /// <summary>How often the key set was read.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>The key set as it is.</summary>
    public string KeySet => JsonSerializer.Serialize(new { keys = _keys.Select(Describe) });

    public static async Task<TestIssuer> StartAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication server = builder.Build();
        var issuer = new TestIssuer(server);
        server.Run(issuer.AnswerAsync);
        await server.StartAsync(cancellationToken);
        issuer.Issuer = server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        issuer.AddRsa("rsa-1");
        issuer.AddCurve("ec-1");
        return issuer;
    }

    public void AddRsa(string id, int bits = 2048) => _keys.Add((id, RSA.Create(bits), null));

    public void AddCurve(string id) => _keys.Add((id, null, ECDsa.Create(ECCurve.NamedCurves.nistP256)));

    public void RemoveKey(string id) => _keys.RemoveAll(key => key.Id == id);

    /// <summary>Claims of a good token.</summary>
    public Dictionary<string, object?> Claims(DateTimeOffset now, string subject = "user-1") => new()
    {
        ["iss"] = Issuer, ["aud"] = Audience, ["sub"] = subject, ["iat"] = now.ToUnixTimeSeconds(), ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
    };

    /// <summary>A signed token.</summary>
    public string Sign(Dictionary<string, object?> claims, string keyId = "rsa-1", string? algorithm = null, string? json = null)
    {
        (_, RSA? rsa, ECDsa? curve) = _keys.First(key => key.Id == keyId);
        string header = JsonSerializer.Serialize(new { alg = algorithm ?? (rsa is null ? "ES256" : "RS256"), kid = keyId, typ = "JWT" });
        string text = Encode(header) + "." + Encode(json ?? JsonSerializer.Serialize(claims));
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        byte[] signature = rsa is not null
            ? rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : curve!.SignData(bytes, HashAlgorithmName.SHA256);
        return text + "." + Base64Url.EncodeToString(signature);
    }

    public static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!;
        if (path == "/keys")
        {
            Interlocked.Increment(ref _reads);
        }

        (int status, string body) = Override(path) ?? path switch
        {
            "/.well-known/openid-configuration" => (200, JsonSerializer.Serialize(new { issuer = Issuer, jwks_uri = Issuer + "/keys" })),
            "/keys" => (200, KeySet),
            _ => (404, "{}"),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        if (status == StatusCodes.Status302Found)
        {
            context.Response.Headers.Location = Issuer + "/keys";
        }

        return context.Response.WriteAsync(body);
    }

    private static Dictionary<string, string> Describe((string Id, RSA? Rsa, ECDsa? Curve) key)
    {
        if (key.Rsa is not null)
        {
            RSAParameters rsa = key.Rsa.ExportParameters(false);
            return new() { ["kid"] = key.Id, ["kty"] = "RSA", ["use"] = "sig", ["n"] = Base64Url.EncodeToString(rsa.Modulus), ["e"] = Base64Url.EncodeToString(rsa.Exponent) };
        }

        ECPoint point = key.Curve!.ExportParameters(false).Q;
        return new() { ["kid"] = key.Id, ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
    }
}
