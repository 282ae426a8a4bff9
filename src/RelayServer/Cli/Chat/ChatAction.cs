using RelayServer.Cli.Rooms;
using RelayServer.Rooms;

namespace RelayServer.Cli.Chat;

/// <summary>What a typed line asks for, with what it takes. What of the properties counts, the kind says.</summary>
/// <param name="Kind">What.</param>
internal sealed record ChatAction(ChatActionKind Kind)
{
    /// <summary>Of a line to publish, or for a service, the line, of a wrong one what is wrong, else a user, a product's id, a topic or a word to search.</summary>
    public string Text { get; init; } = string.Empty;

    /// <summary>Of a line for a service, which one.</summary>
    public string Service { get; init; } = string.Empty;

    /// <summary>Hearts, or pieces sold.</summary>
    public int Count { get; init; }

    /// <summary>Of a renewal, for how long; null for as long as before.</summary>
    public uint? Seconds { get; init; }

    /// <summary>Of a purchase, what the buyer is to be called.</summary>
    public string Buyer { get; init; } = string.Empty;

    /// <summary>Of a change.</summary>
    public RoomControl? Control { get; init; }

    /// <summary>Of a product card.</summary>
    public ProductWords? Product { get; init; }

    /// <summary>The right that it needs; null when everybody may, or the relay does not decide.</summary>
    public RoomVerb? Needs { get; init; }

    public static ChatAction Wrong(string text) => new(ChatActionKind.Wrong) { Text = text };

    /// <summary>A change; a wrong line when its arguments are out of range.</summary>
    public static ChatAction Change(RoomControl control) =>
        control.Check() is { } refusal ? Wrong(refusal.Text) : new(ChatActionKind.Change) { Control = control };
}
