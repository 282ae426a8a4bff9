namespace RelayServer.Protocol;

/// <summary>A subscription: <c>[topic, [subject…], expires_at_ms, since_ms, by]</c>.</summary>
public ref struct SubscriptionEntry : IListEntry<SubscriptionEntry>, IEncodedBody
{
    private const int FieldCount = 5;

    // A subscription stands in an array in the body.
    private const int OpenLevels = 3;

    /// <inheritdoc/>
    public static int ListCountMax => ProtocolLimits.SubscriptionsMax;

    /// <summary>Most bytes it takes besides its texts and lists.</summary>
    public const int OverheadBytesMax = 1 + (3 * MessagePackWriter.HeadBytesMax) + (2 * MessagePackWriter.IntegerBytesMax);

    /// <summary>As service.topic.</summary>
    public ReadOnlySpan<byte> Topic { get; set; }

    /// <summary>Those chosen; empty for all.</summary>
    public EncodedList<SubjectName> Subjects { get; set; }

    /// <summary>When it ends: Unix time in milliseconds, 0 for never.</summary>
    public ulong ExpiresAtMilliseconds { get; set; }

    /// <summary>When it was made: Unix time in milliseconds.</summary>
    public ulong SinceMilliseconds { get; set; }

    /// <summary>The user who made it, or changed it last.</summary>
    public ReadOnlySpan<byte> By { get; set; }

    /// <inheritdoc/>
    public readonly int EncodedBytesMax => OverheadBytesMax + Topic.Length + By.Length + Subjects.Encoded.Length;

    /// <inheritdoc/>
    public static SubscriptionEntry Read(scoped ref MessagePackReader reader)
    {
        SubscriptionEntry entry = default;
        int extra = reader.ReadTupleHeader(FieldCount);
        entry.Topic = reader.ReadString(ProtocolLimits.TopicNameBytesMax);
        entry.Subjects = reader.ReadList<SubjectName>();
        entry.ExpiresAtMilliseconds = reader.ReadUInt64(ProtocolLimits.NumberMax);
        entry.SinceMilliseconds = reader.ReadUInt64(ProtocolLimits.NumberMax);
        entry.By = reader.ReadString(ProtocolLimits.UserIdBytesMax);
        reader.Skip(extra, OpenLevels);
        return entry;
    }

    /// <inheritdoc/>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Topic);
        Subjects.Write(ref writer);
        writer.WriteUInt64(ExpiresAtMilliseconds);
        writer.WriteUInt64(SinceMilliseconds);
        writer.WriteString(By);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
