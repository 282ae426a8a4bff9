namespace RelayServer.Protocol;

/// <summary>
/// A card: <c>[item, title, text, link, image, [[name, value]…], [[label, verb, [argument…]]…]]</c>. Stands as one value of at most
/// <see cref="ProtocolLimits.CardBytesMax"/> in a body or payload.
/// </summary>
public ref struct CardBody
{
    private const int FieldCount = 7;

    // A card stands in the array of the body.
    private const int OpenLevels = 2;

    /// <summary>Most bytes a card takes besides its texts and lists.</summary>
    public const int OverheadBytesMax = 1 + (7 * MessagePackWriter.HeadBytesMax);

    /// <summary>Names what the card shows, for ever and for the service alone.</summary>
    public ReadOnlySpan<byte> Item { get; set; }

    /// <summary>For people.</summary>
    public ReadOnlySpan<byte> Title { get; set; }

    /// <summary>For people; may be empty.</summary>
    public ReadOnlySpan<byte> Text { get; set; }

    /// <summary>Where there is more; may be empty.</summary>
    public ReadOnlySpan<byte> Link { get; set; }

    /// <summary>The address of a picture; may be empty.</summary>
    public ReadOnlySpan<byte> Image { get; set; }

    /// <summary>Facts.</summary>
    public EncodedList<CardFieldEntry> Fields { get; set; }

    /// <summary>Buttons.</summary>
    public EncodedList<CardActionEntry> Actions { get; set; }

    /// <summary>Room that it surely fits into, in bytes.</summary>
    public readonly int EncodedBytesMax =>
        OverheadBytesMax + Item.Length + Title.Length + Text.Length + Link.Length + Image.Length + Fields.Encoded.Length + Actions.Encoded.Length;

    internal static CardBody Read(scoped ref MessagePackReader reader)
    {
        CardBody card = default;
        int start = reader.Offset;
        int extra = reader.ReadTupleHeader(FieldCount);
        card.Item = reader.ReadString(ProtocolLimits.ItemBytesMax);
        card.Title = reader.ReadString(ProtocolLimits.TitleBytesMax);
        card.Text = reader.ReadString(ProtocolLimits.ResultTextBytesMax);
        card.Link = reader.ReadString(ProtocolLimits.LinkBytesMax);
        card.Image = reader.ReadString(ProtocolLimits.LinkBytesMax);
        card.Fields = reader.ReadList<CardFieldEntry>();
        card.Actions = reader.ReadList<CardActionEntry>();
        reader.Skip(extra, OpenLevels);
        if (reader.Offset - start > ProtocolLimits.CardBytesMax)
        {
            // Each part is within its limit, but a room would have to carry the sum: eight actions alone could have 256 KiB.
            reader.Fail(DecodeStatus.OutOfRange);
        }

        return card;
    }

    // True for a card, false for nil in its place.
    internal static bool ReadOptional(scoped ref MessagePackReader reader, out CardBody card)
    {
        bool isThere = !reader.IsNil;
        card = isThere ? Read(ref reader) : default;
        if (!isThere)
        {
            reader.ReadNil();
        }

        return isThere;
    }

    internal readonly void WriteOptional(ref MessagePackWriter writer, bool isThere)
    {
        if (isThere)
        {
            Write(ref writer);
        }
        else
        {
            writer.WriteNil();
        }
    }

    internal readonly void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Item);
        writer.WriteString(Title);
        writer.WriteString(Text);
        writer.WriteString(Link);
        writer.WriteString(Image);
        Fields.Write(ref writer);
        Actions.Write(ref writer);
    }
}
