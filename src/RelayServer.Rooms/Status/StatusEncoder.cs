using System.Diagnostics;
using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>
/// What a room tells of itself, to those in it and to those who ask: one body, as a ROOM and as an ANSWER. Who is banned,
/// muted or appointed is not part of it; see <see cref="RestrictionEncoder"/>.
/// </summary>
public static class StatusEncoder
{
    /// <summary>The body of a ROOM.</summary>
    /// <param name="channel">The room's channel.</param>
    /// <param name="room">Its state.</param>
    /// <param name="role">What the one is in this room whom it is told (<see cref="RoomState.RoleOf"/>).</param>
    /// <param name="membersTotal">Members of all partitions.</param>
    /// <param name="sizes">Members of each partition of the current generation; may be empty.</param>
    public static byte[] EncodeRoom(ReadOnlySpan<byte> channel, RoomState room, Role role, uint membersTotal, ReadOnlySpan<uint> sizes) =>
        Encode(channel, room, role, membersTotal, sizes, isAnswer: false);

    /// <summary>The body of an ANSWER to <see cref="QueryKind.Status"/>; see <see cref="EncodeRoom"/>.</summary>
    public static byte[] EncodeAnswer(ReadOnlySpan<byte> channel, RoomState room, Role role, uint membersTotal, ReadOnlySpan<uint> sizes) =>
        Encode(channel, room, role, membersTotal, sizes, isAnswer: true);

    private static byte[] Encode(ReadOnlySpan<byte> channel, RoomState room, Role role, uint membersTotal, ReadOnlySpan<uint> sizes, bool isAnswer)
    {
        using PooledBuffer division = EncodeDivision(room.Current);
        using PooledBuffer counts = EncodeCounts(sizes);
        using PooledBuffer settings = EncodeSettings(room, out int settingCount);
        using PooledBuffer products = EncodeProducts(room.Products);
        var body = new StatusBody
        {
            Channel = channel,
            State = (byte)room.State,
            Title = Encoding.UTF8.GetBytes(room.Title),
            Description = Encoding.UTF8.GetBytes(room.Description),
            Owner = Encoding.UTF8.GetBytes(room.Owner),
            StartsAtMilliseconds = room.StartsAtMilliseconds,
            Role = (byte)role,
            MembersTotal = membersTotal,
            EncodedPartitioning = division.WrittenSpan,
            Sizes = new EncodedList<MemberCount>(counts.WrittenSpan, sizes.Length),
            Settings = new EncodedList<RoomSettingEntry>(settings.WrittenSpan, settingCount),
            Notice = Encoding.UTF8.GetBytes(room.Notice),
            Products = new EncodedList<ProductEntry>(products.WrittenSpan, room.Products.Count),
            IsPolicyAuto = room.PolicyAuto,
        };
        byte[] encoded = new byte[
            StatusBody.OverheadBytesMax + channel.Length + body.Title.Length + body.Description.Length + body.Owner.Length + body.Notice.Length
            + division.WrittenBytes + counts.WrittenBytes + settings.WrittenBytes + products.WrittenBytes];
        bool fits = isAnswer ? body.TryEncodeAnswer(encoded, out int bytes) : body.TryEncodeRoom(encoded, out bytes);
        Debug.Assert(fits, "the bound of a status is too low");
        Array.Resize(ref encoded, bytes);
        return encoded;
    }

    private static PooledBuffer EncodeDivision(Partitioning division)
    {
        var encoded = new PooledBuffer();
        var writer = new MessagePackWriter(encoded.Reserve(division.EncodedBytesMax));
        division.Write(ref writer);
        encoded.Advance(writer.WrittenBytes);
        return encoded;
    }

    private static PooledBuffer EncodeCounts(ReadOnlySpan<uint> sizes)
    {
        var encoded = new PooledBuffer();
        var writer = new MessagePackWriter(encoded.Reserve(sizes.Length * MessagePackWriter.IntegerBytesMax));
        foreach (uint members in sizes)
        {
            writer.WriteUInt64(members);
        }

        encoded.Advance(writer.WrittenBytes);
        return encoded;
    }

    private static PooledBuffer EncodeSettings(RoomState room, out int count)
    {
        var encoded = new PooledBuffer();
        count = 0;
        foreach (RoomSettingValue value in room.Settings)
        {
            if (value.Number != RoomSettings.Find(value.Setting)!.Default)
            {
                new RoomSettingEntry { Setting = (byte)value.Setting, Number = value.Number }
                    .TryEncode(encoded.Reserve(RoomSettingEntry.OverheadBytesMax), out int bytes);
                encoded.Advance(bytes);
                count++;
            }
        }

        return encoded;
    }

    private static PooledBuffer EncodeProducts(IReadOnlyList<RoomProduct> products)
    {
        var encoded = new PooledBuffer();
        foreach (RoomProduct product in products)
        {
            var entry = new ProductEntry
            {
                Id = Encoding.UTF8.GetBytes(product.Id),
                Title = Encoding.UTF8.GetBytes(product.Title),
                PriceMinor = product.PriceMinor,
                Currency = Encoding.UTF8.GetBytes(product.Currency),
                Stock = product.Stock,
                Link = Encoding.UTF8.GetBytes(product.Link),
            };
            int bytesMax = ProductEntry.OverheadBytesMax + entry.Id.Length + entry.Title.Length + entry.Currency.Length + entry.Link.Length;
            entry.TryEncode(encoded.Reserve(bytesMax), out int bytes);
            encoded.Advance(bytes);
        }

        return encoded;
    }
}
