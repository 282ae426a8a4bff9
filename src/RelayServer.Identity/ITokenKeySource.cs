namespace RelayServer.Identity;

/// <summary>Keys that come and go while a validator runs. Asked from any thread.</summary>
public interface ITokenKeySource
{
    /// <summary>The key with this id of this issuer; null when it is not known at the moment. Waits for nothing.</summary>
    SigningKey? Find(string issuer, string keyId);

    /// <summary>
    /// The same, for a key that <see cref="Find"/> did not know: looks once more where keys come from, if that is worthwhile now.
    /// Asked for tokens that nobody has checked yet, so it bounds by itself how often it looks.
    /// </summary>
    ValueTask<SigningKey?> FindAfreshAsync(string issuer, string keyId);
}
