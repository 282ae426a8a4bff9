namespace RelayServer.Client.Services;

/// <summary>A button on a card: pressed, it becomes a command that names the card's item.</summary>
public sealed record CardAction
{
    /// <summary>What the button says, 1–64 bytes of UTF-8.</summary>
    public required string Label { get; init; }

    /// <summary>Which verb of the service the command has.</summary>
    public required string Verb { get; init; }

    /// <summary>The first arguments of the command; what is missing the user is asked for.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
