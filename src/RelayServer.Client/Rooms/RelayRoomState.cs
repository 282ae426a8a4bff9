namespace RelayServer.Client;

/// <summary>The state of the room: once after the membership began, and after each change. It replaces the one before.</summary>
public sealed class RelayRoomState : RelayEvent
{
    private readonly int _bodyBytes;

    internal RelayRoomState(string channel, RoomStatus status, int bodyBytes)
    {
        Channel = channel;
        Status = status;
        _bodyBytes = bodyBytes;
    }

    /// <inheritdoc/>
    public override string Channel { get; }

    /// <summary>How the room is now.</summary>
    public RoomStatus Status { get; }

    internal override int QueueBytes => base.QueueBytes + _bodyBytes;
}
