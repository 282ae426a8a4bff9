namespace RelayServer.Protocol;

/// <summary>
/// QUERY: <c>[what, channel | nil]</c>, for <see cref="QueryKind.Rooms"/> <c>[what, nil, state | nil, search, after, max]</c>, for
/// <see cref="QueryKind.Restrictions"/> <c>[what, channel, after, after_kind, max]</c>, for <see cref="QueryKind.Menu"/>
/// <c>[what, channel | nil, locale, service, topic, after, after_kind, max]</c>, and for <see cref="QueryKind.Subscriptions"/>
/// <c>[what, channel | nil, after, max]</c>. What a later version asks for is readable to here.
/// </summary>
public ref struct QueryBody
{
    private const int CommonFieldCount = 2;
    private const int RoomsFieldCount = 4;
    private const int RestrictionsFieldCount = 3;
    private const int MenuFieldCount = 6;
    private const int SubscriptionsFieldCount = 2;

    /// <summary>Most bytes a body takes besides its channel name and texts.</summary>
    public const int OverheadBytesMax = 1 + (5 * MessagePackWriter.HeadBytesMax) + (3 * MessagePackWriter.IntegerBytesMax);

    /// <summary>What is asked for; may be none of the enumeration.</summary>
    public QueryKind What { get; set; }

    /// <summary>The channel; empty when there is none.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>Rooms: only those in this state; null for all.</summary>
    public byte? State { get; set; }

    /// <summary>Rooms: only those with this in the name or title; empty for all.</summary>
    public ReadOnlySpan<byte> Search { get; set; }

    /// <summary>
    /// Rooms: only those whose name comes after this one; restrictions: after this user and kind; a menu: after this name of
    /// the kind <see cref="AfterKind"/>; subscriptions: after this topic. Empty for the beginning.
    /// </summary>
    public ReadOnlySpan<byte> After { get; set; }

    /// <summary>
    /// Restrictions: only those of the user <see cref="After"/> whose kind is above this one, and those of users behind. A menu:
    /// only lines of this kind behind <see cref="After"/>, and those of kinds above; a verb and a topic may have one name.
    /// </summary>
    public byte AfterKind { get; set; }

    /// <summary>Lists: at most this many; 0 for as many as an answer may have.</summary>
    public byte Max { get; set; }

    /// <summary>Menu: the language that is wanted, BCP 47; may be empty.</summary>
    public ReadOnlySpan<byte> Locale { get; set; }

    /// <summary>Menu: what this service can do and tells of; empty for the services.</summary>
    public ReadOnlySpan<byte> Service { get; set; }

    /// <summary>Menu: the subjects of this topic of the service, as service.topic; empty for the service.</summary>
    public ReadOnlySpan<byte> Topic { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out QueryBody value)
    {
        var reader = new MessagePackReader(body);
        value = Read(ref reader);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(CommonFieldCount + FieldCount);
        writer.WriteUInt64((ulong)What);
        writer.WriteOptionalString(Channel);
        WriteFields(ref writer);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }

    private static QueryBody Read(scoped ref MessagePackReader reader)
    {
        QueryBody query = default;
        int extra = reader.ReadTupleHeader(CommonFieldCount);
        query.What = (QueryKind)reader.ReadUInt64(byte.MaxValue);
        query.Channel = reader.ReadOptionalString(ProtocolLimits.TextBytesMax);
        int fieldCount = query.FieldCount;
        if (extra < fieldCount)
        {
            reader.Fail(DecodeStatus.OutOfRange);
        }
        else
        {
            query.ReadFields(ref reader);
        }

        reader.Skip(extra - fieldCount, openLevels: 1);
        return query;
    }

    // Besides those that all kinds have.
    private readonly int FieldCount => What switch
    {
        QueryKind.Rooms => RoomsFieldCount,
        QueryKind.Restrictions => RestrictionsFieldCount,
        QueryKind.Menu => MenuFieldCount,
        QueryKind.Subscriptions => SubscriptionsFieldCount,
        _ => 0,
    };

    private void ReadFields(scoped ref MessagePackReader reader)
    {
        switch (What)
        {
            case QueryKind.Rooms:
                if (reader.IsNil)
                {
                    reader.ReadNil();
                }
                else
                {
                    State = (byte)reader.ReadUInt64(byte.MaxValue);
                }

                Search = reader.ReadString(ProtocolLimits.SearchBytesMax);
                After = reader.ReadString(ProtocolLimits.ChannelNameBytesMax);
                Max = (byte)reader.ReadUInt64(ProtocolLimits.RoomsListedMax);
                break;
            case QueryKind.Restrictions:
                After = reader.ReadString(ProtocolLimits.UserIdBytesMax);
                AfterKind = (byte)reader.ReadUInt64(byte.MaxValue);
                Max = (byte)reader.ReadUInt64(ProtocolLimits.RestrictionsListedMax);
                break;
            case QueryKind.Menu:
                Locale = reader.ReadString(ProtocolLimits.LocaleBytesMax);
                Service = reader.ReadString(ProtocolLimits.ServiceWordBytesMax);
                Topic = reader.ReadString(ProtocolLimits.TopicNameBytesMax);
                After = reader.ReadString(ProtocolLimits.TopicNameBytesMax);
                AfterKind = (byte)reader.ReadUInt64(byte.MaxValue);
                Max = (byte)reader.ReadUInt64(ProtocolLimits.MenuEntriesMax);
                break;
            case QueryKind.Subscriptions:
                After = reader.ReadString(ProtocolLimits.TopicNameBytesMax);
                Max = (byte)reader.ReadUInt64(ProtocolLimits.SubscriptionsMax);
                break;
        }
    }

    private readonly void WriteFields(ref MessagePackWriter writer)
    {
        switch (What)
        {
            case QueryKind.Rooms:
                if (State is { } state)
                {
                    writer.WriteUInt64(state);
                }
                else
                {
                    writer.WriteNil();
                }

                writer.WriteString(Search);
                writer.WriteString(After);
                writer.WriteUInt64(Max);
                break;
            case QueryKind.Restrictions:
                writer.WriteString(After);
                writer.WriteUInt64(AfterKind);
                writer.WriteUInt64(Max);
                break;
            case QueryKind.Menu:
                writer.WriteString(Locale);
                writer.WriteString(Service);
                writer.WriteString(Topic);
                writer.WriteString(After);
                writer.WriteUInt64(AfterKind);
                writer.WriteUInt64(Max);
                break;
            case QueryKind.Subscriptions:
                writer.WriteString(After);
                writer.WriteUInt64(Max);
                break;
        }
    }
}
