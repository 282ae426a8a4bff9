using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <content>
/// The saved form: <c>[format, version, state, owner, title, description, starts_at, ended_at, notice, policy_auto,
/// [setting, value]…, [user, role]…, bans, mutes, address bans, products, deleted, generations, subscriptions, services]</c>. Later versions add to its end;
/// subscriptions and services came later.
/// </content>
public sealed partial class RoomState
{
    private const int Format = 1;
    private const int FieldCount = 18;
    private const int ServicesFieldCount = 2;

    /// <summary>
    /// What the lists may take in all, so that the generations always fit beside them. Of the current generation's edges
    /// some may come later.
    /// </summary>
    internal const int ListsBytesMax = RoomLimits.StateBytesMax - RoomLimits.GenerationsBytesMax - EdgesBytesMax - TextsBytesMax;

    private const int EdgesBytesMax = Partitioning.PartitionsMax * (Partitioning.EdgeNameBytesMax + MessagePackWriter.HeadBytesMax);
    private const int TextsBytesMax = 8 * 1024;

    /// <summary>What the lists of bans, mutes and so on take at most as they are.</summary>
    internal int ListsBytes =>
        Values.EncodedBytesMax + AppointedUsers.EncodedBytesMax + BannedUsers.EncodedBytesMax + MutedUsers.EncodedBytesMax
        + BannedAddresses.EncodedBytesMax + PinnedProducts.EncodedBytesMax + DeletedMessages.EncodedBytesMax
        + SubscriptionList.EncodedBytesMax + InvitedBytesMax;

    private int InvitedBytesMax =>
        MessagePackWriter.HeadBytesMax + (InvitedServices.Count * (ProtocolLimits.ServiceWordBytesMax + MessagePackWriter.HeadBytesMax));

    /// <summary>Reads what <see cref="Encode"/> has written.</summary>
    /// <param name="encoded">At most <see cref="RoomLimits.StateBytesMax"/> bytes.</param>
    /// <returns>Null for anything that no room can be: bad bytes, above a bound, twice the same, generations out of order.</returns>
    public static RoomState? Decode(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length > RoomLimits.StateBytesMax)
        {
            return null;
        }

        var reader = new MessagePackReader(encoded);
        var state = new RoomState();
        state.Read(ref reader);
        return reader.Finish() == DecodeStatus.Ok ? state : null;
    }

    /// <summary>The state as bytes, at most <see cref="RoomLimits.StateBytesMax"/>; equal states are equal bytes.</summary>
    public byte[] Encode()
    {
        byte[] room = new byte[TextsBytesMax + ListsBytes + GenerationList.EncodedBytesMax];
        var writer = new MessagePackWriter(room);
        writer.WriteArrayHeader(FieldCount + ServicesFieldCount);
        writer.WriteUInt64(Format);
        writer.WriteUInt64(Version);
        writer.WriteUInt64((ulong)State);
        writer.WriteString(_owner);
        ControlWriter.WriteString(ref writer, Title);
        ControlWriter.WriteString(ref writer, Description);
        writer.WriteUInt64(StartsAtMilliseconds);
        writer.WriteUInt64(EndedAtMilliseconds);
        ControlWriter.WriteString(ref writer, Notice);
        writer.WriteBoolean(PolicyAuto);
        Values.Write(ref writer);
        AppointedUsers.Write(ref writer);
        BannedUsers.Write(ref writer);
        MutedUsers.Write(ref writer);
        BannedAddresses.Write(ref writer);
        PinnedProducts.Write(ref writer);
        DeletedMessages.Write(ref writer);
        GenerationList.Write(ref writer);
        SubscriptionList.Write(ref writer);
        ControlWriter.WriteStrings(ref writer, [.. InvitedServices]);
        return writer.Overflowed
            ? throw new InvalidOperationException("a room's state is larger than it was counted")
            : room[..writer.WrittenBytes];
    }

    private void Read(scoped ref MessagePackReader reader)
    {
        int extra = reader.ReadTupleHeader(FieldCount);
        if (reader.ReadUInt64() != Format)
        {
            reader.Fail(DecodeStatus.OutOfRange);
        }

        Version = reader.ReadUInt64(ProtocolLimits.NumberMax);
        State = (BroadcastState)reader.ReadUInt64((ulong)BroadcastState.Ended);
        SetOwner(reader.ReadString(ProtocolLimits.UserIdBytesMax));
        Title = ReadText(ref reader, RoomLimits.TitleBytesMax);
        Description = ReadText(ref reader, RoomLimits.DescriptionBytesMax);
        StartsAtMilliseconds = reader.ReadUInt64(ProtocolLimits.NumberMax);
        EndedAtMilliseconds = reader.ReadUInt64(ProtocolLimits.NumberMax);
        Notice = ReadText(ref reader, RoomLimits.NoticeBytesMax);
        PolicyAuto = reader.ReadBoolean();
        Values.Read(ref reader);
        AppointedUsers.Read(ref reader);
        BannedUsers.Read(ref reader);
        MutedUsers.Read(ref reader);
        BannedAddresses.Read(ref reader);
        PinnedProducts.Read(ref reader);
        DeletedMessages.Read(ref reader);
        GenerationList.Read(ref reader);
        if (extra >= ServicesFieldCount)
        {
            SubscriptionList.Read(ref reader);
            ReadInvited(ref reader);
            extra -= ServicesFieldCount;
        }

        reader.Skip(extra, openLevels: 1);

        // Who created a room owns it, and nobody owns what was not created.
        if ((State == BroadcastState.Open) != (_owner.Length == 0))
        {
            reader.Fail(DecodeStatus.OutOfRange);
        }
    }

    private void ReadInvited(scoped ref MessagePackReader reader)
    {
        int count = StateList.ReadCount(ref reader, RoomLimits.InvitedServicesMax);
        for (int i = 0; i < count && reader.Status == DecodeStatus.Ok; i++)
        {
            if (!InvitedServices.Add(ReadText(ref reader, ProtocolLimits.ServiceWordBytesMax)))
            {
                reader.Fail(DecodeStatus.OutOfRange);
            }
        }
    }

    private static string ReadText(scoped ref MessagePackReader reader, int bytesMax) => Encoding.UTF8.GetString(reader.ReadString(bytesMax));
}
