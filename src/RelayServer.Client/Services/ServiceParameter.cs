namespace RelayServer.Client.Services;

/// <summary>One argument of a verb.</summary>
public sealed record ServiceParameter
{
    /// <summary>What the help calls it: 1–32 characters <c>a-z0-9-</c>, the first a letter.</summary>
    public required string Name { get; init; }

    /// <summary>What it means, in a line; at most 200 bytes of UTF-8.</summary>
    public string Summary { get; init; } = string.Empty;

    /// <summary>What may be written; the relay checks it before it passes the command on.</summary>
    public ServiceParameterKind Kind { get; init; }

    /// <summary>True when it may be left out.</summary>
    public bool IsOptional { get; init; }
}
