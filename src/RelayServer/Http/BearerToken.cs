using System.Security.Cryptography;
using System.Text;
using RelayServer.Guards;
using RelayServer.Hosting;

namespace RelayServer.Http;

/// <summary>The secret that readers of metrics show.</summary>
internal sealed class BearerToken
{
    private const string Scheme = "Bearer ";
    private const int BytesMin = 16;
    private const int BytesMax = 4096;

    // Compared by hash: both sides have one length, and the secret itself is not kept.
    private readonly byte[] _hash;

    private BearerToken(string secret) => _hash = HashOf(secret);

    /// <summary>Reads it from a file of mode 0600.</summary>
    /// <exception cref="StartException">The file is not usable.</exception>
    public static BearerToken Read(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (OwnerOnlyFile.IsOpenToOthers(file))
            {
                throw new StartException($"Http:TokenFile: others may use {path}; run: chmod 600 {path}");
            }

            var bytes = new byte[BytesMax + 1];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            string secret = Encoding.UTF8.GetString(bytes, 0, length).Trim();
            return length <= BytesMax && secret.Length >= BytesMin
                ? new BearerToken(secret)
                : throw new StartException($"Http:TokenFile: {path} must hold {BytesMin} to {BytesMax} bytes");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"Http:TokenFile: {path} cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>True when an Authorization header carries it.</summary>
    public bool IsIn(string? authorization) =>
        TryRead(authorization, out string shown) && CryptographicOperations.FixedTimeEquals(HashOf(shown), _hash);

    /// <summary>Reads what an Authorization header carries as a bearer token; false when that is none.</summary>
    public static bool TryRead(string? authorization, out string token)
    {
        bool isBearer = authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
        token = isBearer ? authorization![Scheme.Length..].Trim() : string.Empty;
        return token.Length > 0;
    }

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
