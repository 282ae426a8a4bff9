namespace RelayServer.Adapters.Subscriptions.Hooks;

/// <summary>Bounds of webhooks.</summary>
internal static class HookLimits
{
    /// <summary>Bytes of a post.</summary>
    public const int BodyBytesMax = 64 * 1024;

    /// <summary>Signatures of one post: one for each secret that its sender uses.</summary>
    public const int SignaturesMax = 4;

    /// <summary>Secrets of one hook.</summary>
    public const int SecretsMax = 8;

    /// <summary>Least characters of a secret.</summary>
    public const int SecretCharactersMin = 32;

    /// <summary>Bytes of a file of secrets.</summary>
    public const int SecretFileBytesMax = 16 * 1024;

    /// <summary>Objects and arrays inside each other.</summary>
    public const int DepthMax = 4;

    /// <summary>Connections at a time.</summary>
    public const int ConnectionsMax = 128;

    /// <summary>Those of one address, or of an IPv6 network of 64 bits. A server that passes posts on is one address.</summary>
    public const int ConnectionsPerAddressMax = 32;

    /// <summary>Those of an IPv6 network of 48 bits.</summary>
    public const int ConnectionsPerSiteMax = 64;
}
