using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using RelayServer.Guards;

namespace RelayServer.Accounts.Secrets;

/// <summary>
/// The one secret of an installation, and the keys made from it, one for each use. Without it the database tells neither phone numbers nor
/// codes, tokens or keys. All instances on one database have the same.
/// </summary>
internal sealed class AuthSecret
{
    private const int SecretBytes = 32;
    private const int FileBytesMax = 1024;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] _codes;
    private readonly byte[] _subjects;
    private readonly byte[] _refresh;
    private readonly byte[] _sealing;

    public AuthSecret(ReadOnlySpan<byte> secret)
    {
        if (secret.Length != SecretBytes)
        {
            throw new ArgumentException($"the secret must have {SecretBytes} bytes", nameof(secret));
        }

        Pairwise = Derive(secret, "relay pairwise subjects");
        Check = Derive(secret, "relay check");
        _codes = Derive(secret, "relay one-time codes");
        _subjects = Derive(secret, "relay lookups");
        _refresh = Derive(secret, "relay refresh tokens");
        _sealing = Derive(secret, "relay signing keys");
    }

    /// <summary>The key of pairwise subjects.</summary>
    public byte[] Pairwise { get; }

    /// <summary>Tells two secrets apart, and nothing about them.</summary>
    public byte[] Check { get; }

    /// <summary>Reads the secret; makes it when the file is not there.</summary>
    /// <exception cref="AuthStartException">It cannot be used.</exception>
    public static async Task<AuthSecret> ReadOrCreateAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (!File.Exists(path))
            {
                byte[] made = Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)) + "\n");
                await OwnerOnlyFile.CreateOnceAsync(path, made, cancellationToken);
            }

            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (OwnerOnlyFile.IsOpenToOthers(file))
            {
                throw new AuthStartException($"Auth:SecretFile: others may use {path}; run: chmod 600 {path}");
            }

            var bytes = new byte[FileBytesMax];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return new AuthSecret(Base64Url.DecodeFromChars(Encoding.ASCII.GetString(bytes, 0, length).Trim()));
        }
        catch (Exception problem) when (problem is FormatException or ArgumentException)
        {
            throw new AuthStartException($"Auth:SecretFile: {path} does not hold {SecretBytes} bytes in base64url; put the right file there", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new AuthStartException($"Auth:SecretFile: {path} cannot be used: {problem.Message}", problem);
        }
    }

    /// <summary>What a phone, a name or an address is found by.</summary>
    public string HashOf(string kind, string value) => Base64Url.EncodeToString(Mac(_subjects, $"{kind}\0{value}"));

    /// <summary>What is kept of a one-time code.</summary>
    public byte[] HashOfCode(string challenge, string code) => Mac(_codes, $"{challenge}\0{code}");

    /// <summary>The secret part of a refresh token.</summary>
    public byte[] RefreshProof(string sessionId, long generation, ReadOnlySpan<byte> seed) =>
        Mac(_refresh, $"{sessionId}\0{generation}\0{Convert.ToHexStringLower(seed)}");

    /// <summary>Encrypts; only with the same name is it read again.</summary>
    public byte[] Seal(string name, ReadOnlySpan<byte> content)
    {
        var result = new byte[NonceBytes + TagBytes + content.Length];
        RandomNumberGenerator.Fill(result.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(_sealing, TagBytes);
        cipher.Encrypt(
            result.AsSpan(0, NonceBytes), content, result.AsSpan(NonceBytes + TagBytes), result.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(name));
        return result;
    }

    /// <summary>Decrypts.</summary>
    /// <exception cref="CryptographicException">It was encrypted with another secret or name, or was changed.</exception>
    public byte[] Open(string name, ReadOnlySpan<byte> content)
    {
        if (content.Length < NonceBytes + TagBytes)
        {
            throw new CryptographicException("it is too short");
        }

        var result = new byte[content.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(_sealing, TagBytes);
        cipher.Decrypt(
            content[..NonceBytes], content[(NonceBytes + TagBytes)..], content.Slice(NonceBytes, TagBytes), result, Encoding.UTF8.GetBytes(name));
        return result;
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static byte[] Derive(ReadOnlySpan<byte> secret, string use)
    {
        var key = new byte[SecretBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, [], Encoding.ASCII.GetBytes(use));
        return key;
    }
}
