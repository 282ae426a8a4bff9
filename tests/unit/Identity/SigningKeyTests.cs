using System.Security.Cryptography;
using RelayServer.Identity;

namespace RelayServer.UnitTests.Identity;

/// <summary>Keys, and the files that they are kept in.</summary>
public sealed class SigningKeyTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Directory.CreateTempSubdirectory("relay-keys-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    public void FromSecret_ShorterThanTheHash_IsRefused(int length)
    {
        Assert.Throws<KeyException>(() => SigningKey.FromSecret("k", new byte[length]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("\u00e9")]
    public void FromSecret_UnusableId_IsRefused(string id)
    {
        Assert.Throws<KeyException>(() => SigningKey.FromSecret(id, new byte[32]));
    }

    [Fact]
    public void FromEcdsa_OtherCurve_IsRefused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Assert.Throws<KeyException>(() => SigningKey.FromEcdsa("k", key));
    }

    [Theory]
    [InlineData(TokenAlgorithm.HS256)]
    [InlineData(TokenAlgorithm.ES256)]
    public async Task WriteThenRead_AnyAlgorithm_ChecksWhatTheOtherSigned(TokenAlgorithm algorithm)
    {
        SigningKey key = algorithm == TokenAlgorithm.HS256 ? SigningKey.CreateHs256("k") : SigningKey.CreateEs256("k");
        string path = Path.Combine(_folder, "key");
        SigningKeyFile.Write(path, key);

        SigningKey read = SigningKeyFile.Read(path);

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
        Assert.Equal(algorithm, read.Algorithm);
        Assert.True(read.CanSign);
        Assert.Equal(TokenStatus.Valid, await RoundTripAsync(read, key));
    }

    [Fact]
    public async Task Read_PublicHalf_ChecksButCannotSign()
    {
        SigningKey key = SigningKey.CreateEs256("k");
        string path = Path.Combine(_folder, "key.pub");
        SigningKeyFile.Write(path, key.WithoutPrivateHalf());

        SigningKey read = SigningKeyFile.Read(path);

        Assert.Equal(OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(path));
        Assert.False(read.CanSign);
        Assert.Throws<KeyException>(() => new TokenMinter(new TrustedKey("i", read), "a", TimeProvider.System));
        Assert.Equal(TokenStatus.Valid, await RoundTripAsync(key, read));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_Pem_NeedsAnId(bool isPrivate)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string path = Path.Combine(_folder, "key.pem");
        await File.WriteAllTextAsync(path, isPrivate ? pair.ExportPkcs8PrivateKeyPem() : pair.ExportSubjectPublicKeyInfoPem());
        File.SetUnixFileMode(path, OwnerOnly);

        Assert.Throws<KeyException>(() => SigningKeyFile.Read(path));
        Assert.Equal(isPrivate, SigningKeyFile.Read(path, "k").CanSign);
        Assert.Equal(TokenStatus.Valid, await RoundTripAsync(SigningKey.FromEcdsa("k", pair), SigningKeyFile.Read(path, "k")));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void Read_SecretThatOthersMayUse_IsRefusedWithTheCommandThatMendsIt(UnixFileMode extra)
    {
        string path = Path.Combine(_folder, "key");
        SigningKeyFile.Write(path, SigningKey.CreateHs256("k"));
        File.SetUnixFileMode(path, OwnerOnly | extra);

        KeyException problem = Assert.Throws<KeyException>(() => SigningKeyFile.Read(path));

        Assert.Contains($"chmod 600 {path}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_PublicHalfThatOthersMayChange_IsRefused()
    {
        string path = Path.Combine(_folder, "key.pub");
        SigningKeyFile.Write(path, SigningKey.CreateEs256("k").WithoutPrivateHalf());
        File.SetUnixFileMode(path, OwnerOnly | UnixFileMode.GroupWrite);

        Assert.Throws<KeyException>(() => SigningKeyFile.Read(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"kid":"k","kty":"RSA","n":"AQ","e":"AQAB"}""")]
    [InlineData("""{"kid":"k","kty":"oct","k":"c2hvcnQ"}""")]
    [InlineData("""{"kid":"k","kty":"oct","k":"?"}""")]
    [InlineData("""{"kid":"k","kty":"oct","alg":"HS512","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""")]
    [InlineData("""{"kid":"k","kty":"oct","use":"enc","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""")]
    [InlineData("""{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""")]
    [InlineData("""{"kid":"k","kty":"EC","crv":"P-384","x":"AQ","y":"AQ"}""")]
    [InlineData("""{"kid":"k","kty":"EC","crv":"P-256","x":"AQ","y":"AQ"}""")]
    [InlineData("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n")]
    public async Task Read_NotAUsableKey_SaysSoAndNamesTheFile(string content)
    {
        string path = Path.Combine(_folder, "key");
        await File.WriteAllTextAsync(path, content);
        File.SetUnixFileMode(path, OwnerOnly);

        KeyException problem = Assert.Throws<KeyException>(() => SigningKeyFile.Read(path));

        Assert.Contains(path, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MissingFile_NamesIt()
    {
        string path = Path.Combine(_folder, "none");

        Assert.Contains(path, Assert.Throws<KeyException>(() => SigningKeyFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_OverAWiderFile_NarrowsTheModeAndLeavesNoDraft()
    {
        string path = Path.Combine(_folder, "key");
        File.WriteAllText(path, "old");
        File.SetUnixFileMode(path, OwnerOnly | UnixFileMode.OtherRead);

        SigningKeyFile.Write(path, SigningKey.CreateHs256("k"));

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
        Assert.Single(Directory.GetFiles(_folder));
    }

    private static async Task<TokenStatus> RoundTripAsync(SigningKey signs, SigningKey checks)
    {
        string token = new TokenMinter(new TrustedKey("i", signs), "a", TimeProvider.System).Mint("alice", TimeSpan.FromMinutes(1));
        var validator = new TokenValidator(new TokenValidatorOptions { Audience = "a", Keys = [new("i", checks)] }, TimeProvider.System);
        return (await validator.ValidateAsync(token)).Status;
    }
}
