using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>Somebody has come or gone: in small rooms, and never logged.</summary>
public sealed class RelayPresence : RelayEvent
{
    private const int FieldCount = 2;

    private RelayPresence(string channel, DateTimeOffset at, string user, bool hasJoined)
    {
        Channel = channel;
        At = at;
        User = user;
        HasJoined = hasJoined;
    }

    /// <inheritdoc/>
    public override string Channel { get; }

    /// <summary>When the relay noted it.</summary>
    public DateTimeOffset At { get; }

    /// <summary>User id of whom it is about.</summary>
    public string User { get; }

    /// <summary>True when they have come, false when they have gone.</summary>
    public bool HasJoined { get; }

    /// <summary>Reads a payload <c>[joined 0|1, user]</c>; null when it is not one.</summary>
    internal static RelayPresence? From(DeliveredBatch batch, ReadOnlySpan<byte> payload)
    {
        var reader = new MessagePackReader(payload);
        int extra = reader.ReadTupleHeader(FieldCount);
        bool hasJoined = reader.ReadUInt64(1) == 1;
        ReadOnlySpan<byte> user = reader.ReadString(ProtocolLimits.UserIdBytesMax);
        reader.Skip(extra, openLevels: 1);
        return reader.Finish() == DecodeStatus.Ok
            ? new RelayPresence(
                batch.Channel, DateTimeOffset.FromUnixTimeMilliseconds((long)batch.AtMilliseconds), Encoding.UTF8.GetString(user), hasJoined)
            : null;
    }
}
