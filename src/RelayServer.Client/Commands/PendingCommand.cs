using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>A command that waits for its answer; sent again, under the same number, by every connection until it has one.</summary>
/// <param name="number">With the producer id it names the command for ever.</param>
/// <param name="type">COMMAND, or PUBLISH for a line of text.</param>
/// <param name="body">Of the frame.</param>
/// <param name="room">The room that must be joined before; null for none.</param>
internal sealed class PendingCommand(ulong number, FrameType type, byte[] body, string? room)
{
    public ulong Number { get; } = number;

    public FrameType Type { get; } = type;

    public byte[] Body { get; } = body;

    public string? Room { get; } = room;

    /// <summary>Handed to the present connection.</summary>
    public bool IsSent { get; set; }

    /// <summary>Completes with the result, or with the refusal. A new one for each time that it is tried.</summary>
    public TaskCompletionSource<RelayCommandResult> Answer { get; set; } = NewAnswer();

    public static TaskCompletionSource<RelayCommandResult> NewAnswer() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
