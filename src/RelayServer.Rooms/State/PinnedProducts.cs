using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>The product cards that are pinned, in the order in which they were.</summary>
internal sealed class PinnedProducts
{
    private readonly List<RoomProduct> _products = [];

    public IReadOnlyList<RoomProduct> All => _products;

    public int EncodedBytesMax => MessagePackWriter.HeadBytesMax + _products.Sum(ControlWriter.BytesMax);

    public bool Contains(string id) => IndexOf(id) >= 0;

    public bool HasRoomFor(string id) => _products.Count < RoomLimits.ProductsMax || Contains(id);

    /// <summary>Pins a card; one with its id keeps its place.</summary>
    public void Put(RoomProduct product)
    {
        int index = IndexOf(product.Id);
        if (index >= 0)
        {
            _products[index] = product;
        }
        else
        {
            _products.Add(product);
        }
    }

    public void Remove(string id) => _products.RemoveAll(product => product.Id == id);

    public void Read(scoped ref MessagePackReader reader)
    {
        int count = StateList.ReadCount(ref reader, RoomLimits.ProductsMax);
        for (int i = 0; i < count && reader.Status == DecodeStatus.Ok; i++)
        {
            int extra = reader.ReadTupleHeader(RoomProduct.FieldCount);
            var product = new RoomProduct(
                ReadString(ref reader, RoomLimits.ProductIdBytesMax),
                ReadString(ref reader, RoomLimits.TitleBytesMax),
                reader.ReadUInt64(),
                ReadString(ref reader, RoomLimits.CurrencyLetters),
                reader.ReadUInt32(),
                ReadString(ref reader, RoomLimits.LinkBytesMax));
            reader.Skip(extra, StateList.OpenLevels);
            if (reader.Status == DecodeStatus.Ok && (Contains(product.Id) || product.Check() is not null))
            {
                reader.Fail(DecodeStatus.OutOfRange);
            }

            _products.Add(product);
        }
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(_products.Count);
        foreach (RoomProduct product in _products)
        {
            writer.WriteArrayHeader(RoomProduct.FieldCount);
            ControlWriter.WriteProduct(ref writer, product);
        }
    }

    private static string ReadString(scoped ref MessagePackReader reader, int bytesMax) => Encoding.UTF8.GetString(reader.ReadString(bytesMax));

    private int IndexOf(string id) => _products.FindIndex(product => product.Id == id);
}
