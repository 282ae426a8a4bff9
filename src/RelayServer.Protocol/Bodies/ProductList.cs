namespace RelayServer.Protocol;

/// <summary>
/// Encoded products, at most <see cref="ProtocolLimits.ProductsMax"/>: a view of a body that is walked with
/// <c>foreach</c>. To write one, encode the entries one after the other.
/// </summary>
public ref struct ProductList
{
    private MessagePackReader _reader;
    private int _left;

    /// <summary>A list of products that are encoded already.</summary>
    public ProductList(ReadOnlySpan<byte> encoded, int count)
    {
        Encoded = encoded;
        Count = count;
        _reader = new MessagePackReader(encoded);
        _left = count;
    }

    /// <summary>How many.</summary>
    public int Count { get; }

    /// <summary>The encoded products, without the head of their array.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    /// <summary>The present product.</summary>
    public ProductEntry Current { get; private set; }

    /// <summary>A walk from the first product on.</summary>
    public readonly ProductList GetEnumerator() => new(Encoded, Count);

    /// <summary>Moves to the next product.</summary>
    public bool MoveNext()
    {
        if (_left-- <= 0)
        {
            return false;
        }

        Current = ProductEntry.Read(ref _reader);
        return _reader.Status == DecodeStatus.Ok;
    }

    internal static ProductList Read(scoped ref MessagePackReader reader, ReadOnlySpan<byte> body)
    {
        int count = reader.ReadArrayHeader(ProtocolLimits.ProductsMax);
        int start = reader.Offset;
        for (int i = 0; i < count; i++)
        {
            ProductEntry.Read(ref reader);
        }

        return new ProductList(body[start..reader.Offset], count);
    }

    internal readonly void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Count);
        writer.WriteRaw(Encoded);
    }
}
