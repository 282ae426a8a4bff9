using RelayServer.Identity;
using RelayServer.Options;

namespace RelayServer.Hosting;

/// <summary>Makes token validators from settings.</summary>
internal static class TokenKeys
{
    /// <summary>The key id of the key that a one-process relay makes at its start.</summary>
    public const string LocalKeyId = "local";

    /// <summary>Reads the configured keys.</summary>
    /// <exception cref="StartException">A key cannot be used.</exception>
    public static List<TrustedKey> Read(TokensOptions options)
    {
        List<TrustedKey> keys = [];
        foreach (TokenKeyOptions key in options.Keys)
        {
            try
            {
                keys.Add(new TrustedKey(key.Issuer ?? options.Issuer, SigningKeyFile.Read(key.File, key.Id)));
            }
            catch (KeyException problem)
            {
                throw new StartException($"Tokens:Keys:{keys.Count}: {problem.Message}", problem);
            }
        }

        return keys;
    }

    /// <summary>A validator for these keys.</summary>
    /// <exception cref="StartException">There is none, or one is there twice.</exception>
    public static TokenValidator CreateValidator(
        TokensOptions options,
        IReadOnlyList<TrustedKey> keys,
        TimeProvider time,
        IReadOnlyList<ITokenKeySource>? sources = null,
        IReadOnlyList<ITokenRevocations>? revocations = null)
    {
        if (keys.Count == 0 && sources is null or [])
        {
            throw new StartException(
                "no token keys: make one with 'relay key create FILE' and name it with --key-file FILE or Tokens:Keys:0:File, "
                + "or name the key set of 'relay auth' with Tokens:KeySets:0:Url; "
                + "there is no default key outside the one-process relay");
        }

        try
        {
            return new TokenValidator(
                new TokenValidatorOptions
                {
                    Audience = options.Audience,
                    Keys = keys,
                    KeySources = sources ?? [],
                    Skew = TimeSpan.FromSeconds(options.SkewSeconds),
                    Revocations = options.RevokedFile is null ? revocations ?? [] : [new RevocationFile(options.RevokedFile, time), .. revocations ?? []],
                },
                time);
        }
        catch (ArgumentException problem)
        {
            throw new StartException($"Tokens:Keys: {problem.Message}", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new StartException($"Tokens:RevokedFile: {problem.Message}", problem);
        }
    }
}
