namespace RelayServer.Protocol;

/// <summary>One product pinned in a room: <c>[id, title, price_minor, currency, stock, link]</c>.</summary>
public ref struct ProductEntry : IListEntry<ProductEntry>
{
    private const int FieldCount = 6;

    // A product stands in an array in the array of the body.
    private const int OpenLevels = 3;

    /// <inheritdoc/>
    public static int ListCountMax => ProtocolLimits.ProductsMax;

    /// <summary>Most bytes a product takes besides its texts.</summary>
    public const int OverheadBytesMax = 1 + (4 * MessagePackWriter.HeadBytesMax) + (2 * MessagePackWriter.IntegerBytesMax);

    /// <summary>Names the product in the room.</summary>
    public ReadOnlySpan<byte> Id { get; set; }

    /// <summary>For people.</summary>
    public ReadOnlySpan<byte> Title { get; set; }

    /// <summary>The price in the smallest unit of the currency.</summary>
    public ulong PriceMinor { get; set; }

    /// <summary>ISO 4217, such as EUR.</summary>
    public ReadOnlySpan<byte> Currency { get; set; }

    /// <summary>How many there are.</summary>
    public ulong Stock { get; set; }

    /// <summary>Where to buy it; may be empty.</summary>
    public ReadOnlySpan<byte> Link { get; set; }

    /// <summary>Writes the product; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Id);
        writer.WriteString(Title);
        writer.WriteUInt64(PriceMinor);
        writer.WriteString(Currency);
        writer.WriteUInt64(Stock);
        writer.WriteString(Link);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }

    /// <inheritdoc/>
    public static ProductEntry Read(scoped ref MessagePackReader reader)
    {
        ProductEntry entry = default;
        int extra = reader.ReadTupleHeader(FieldCount);
        entry.Id = reader.ReadString(ProtocolLimits.ProductIdBytesMax);
        entry.Title = reader.ReadString(ProtocolLimits.TitleBytesMax);
        entry.PriceMinor = reader.ReadUInt64(ProtocolLimits.NumberMax);
        entry.Currency = reader.ReadString(ProtocolLimits.CurrencyBytesMax);
        entry.Stock = reader.ReadUInt64(ProtocolLimits.NumberMax);
        entry.Link = reader.ReadString(ProtocolLimits.LinkBytesMax);
        reader.Skip(extra, OpenLevels);
        return entry;
    }
}
