using System.Text;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Client;

/// <summary>Which rooms to list; made as it is, it asks for all.</summary>
public sealed record RoomSearch
{
    /// <summary>Only those in this state; null for any.</summary>
    public BroadcastState? State { get; init; }

    /// <summary>Only those with this in the name or the title; empty for any. At most <see cref="ProtocolLimits.SearchBytesMax"/> bytes.</summary>
    public string Text { get; init; } = "";

    /// <summary>Only those whose name comes after this one; empty for the first ones.</summary>
    public string After { get; init; } = "";

    /// <summary>At most so many, up to <see cref="ProtocolLimits.RoomsListedMax"/>, which is the default.</summary>
    public int Max { get; init; } = ProtocolLimits.RoomsListedMax;

    /// <summary>Throws for what no relay would take.</summary>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Max, 1, nameof(Max));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Max, ProtocolLimits.RoomsListedMax, nameof(Max));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(Text), ProtocolLimits.SearchBytesMax, nameof(Text));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(After), ProtocolLimits.ChannelNameBytesMax, nameof(After));
    }
}
