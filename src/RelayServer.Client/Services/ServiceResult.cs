namespace RelayServer.Client.Services;

/// <summary>What a service answers to a command.</summary>
public sealed record ServiceResult
{
    /// <summary>What people read, at most 4,000 bytes of UTF-8; may be empty beside a card.</summary>
    public string Text { get; init; } = string.Empty;

    /// <summary>An item to show with it; null for none.</summary>
    public ServiceCard? Card { get; init; }

    /// <summary>True when it was not done; <see cref="Text"/> says why. A refusal goes to the caller alone.</summary>
    public bool IsRefused { get; init; }

    /// <summary>It was done.</summary>
    /// <param name="text">What came of it, for people.</param>
    public static ServiceResult Of(string text) => new() { Text = text };

    /// <summary>It was not done.</summary>
    /// <param name="text">Why not, and what to do instead, for people.</param>
    public static ServiceResult Refused(string text) => new() { Text = text, IsRefused = true };
}
