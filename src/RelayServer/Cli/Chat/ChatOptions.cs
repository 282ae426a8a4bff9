using RelayServer.Cli.Connections;
using RelayServer.Client;

namespace RelayServer.Cli.Chat;

/// <summary>What <c>relay chat</c> was asked to do.</summary>
internal sealed record ChatOptions
{
    public required string Room { get; init; }

    public required ConnectionChoice Connection { get; init; }

    /// <summary>Where to begin; null takes what suits a terminal or a pipe.</summary>
    public JoinFrom? From { get; init; }

    /// <summary>Read every part of a split room.</summary>
    public bool Observe { get; init; }

    /// <summary>Lines of a pipe that begin with a slash are commands, too.</summary>
    public bool Commands { get; init; }

    /// <summary>Join the own inbox, too.</summary>
    public bool Inbox { get; init; }

    /// <summary>One JSON object a line instead of text.</summary>
    public bool Json { get; init; }

    /// <summary>Print what this client sent, too.</summary>
    public bool Echo { get; init; }

    /// <summary>End after so many printed messages.</summary>
    public int? Count { get; init; }

    /// <summary>Go on receiving after the end of the input.</summary>
    public bool Listen { get; init; }

    /// <summary>No status and no counts on the error output; errors only.</summary>
    public bool Quiet { get; init; }
}
