using System.Security.Cryptography;
using System.Text;

namespace RelayServer.Identity;

/// <summary>
/// What a service knows a user by: the same for the same user and service, and without the key linkable neither to the user nor to what
/// another service knows.
/// </summary>
public static class PairwiseSubject
{
    /// <summary>The key, in bytes.</summary>
    public const int KeyBytes = 32;

    private const string Prefix = "p-";
    private const int SubjectBytes = 20;

    /// <summary>The subject.</summary>
    /// <param name="key">The secret of the installation.</param>
    /// <param name="service">The service's name.</param>
    /// <param name="userId">The user.</param>
    /// <exception cref="ArgumentException">The key has another length, or the service's name is none.</exception>
    public static string Of(ReadOnlySpan<byte> key, string service, string userId)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        if (key.Length != KeyBytes || !TokenServiceName.IsValid(service))
        {
            throw new ArgumentException(key.Length != KeyBytes ? $"the key must have {KeyBytes} bytes" : "it is no name of a service");
        }

        // No name of a service has a zero byte, so no two pairs make one text.
        byte[] text = Encoding.UTF8.GetBytes($"{service}\0{userId}");
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, text, hash);
        return Prefix + Convert.ToHexStringLower(hash[..SubjectBytes]);
    }
}
