using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol;

/// <summary>The largest bodies about rooms fit a frame, and the room that their overhead constants promise.</summary>
[Trait("Must", "R-LIMIT-1")]
public sealed class RoomLimitTests
{
    private static byte[] Channel => Filled(ProtocolLimits.ChannelNameBytesMax);

    [Fact]
    public void StatusBody_LargestOfEverything_FitsAServerFrame()
    {
        byte[] partitioning = LargestPartitioning();
        byte[] sizes = Repeated(ProtocolLimits.PartitionsMax, uint.MaxValue);
        byte[] settings = LargestSettings();
        byte[] products = LargestProducts();
        var body = new StatusBody
        {
            Channel = Channel,
            State = byte.MaxValue,
            Title = Filled(ProtocolLimits.TitleBytesMax),
            Description = Filled(ProtocolLimits.RoomTextBytesMax),
            Owner = Filled(ProtocolLimits.UserIdBytesMax),
            StartsAtMilliseconds = ProtocolLimits.NumberMax,
            Role = byte.MaxValue,
            MembersTotal = uint.MaxValue,
            EncodedPartitioning = partitioning,
            Sizes = new EncodedList<MemberCount>(sizes, ProtocolLimits.PartitionsMax),
            Settings = new EncodedList<RoomSettingEntry>(settings, ProtocolLimits.SettingsMax),
            Notice = Filled(ProtocolLimits.RoomTextBytesMax),
            Products = new EncodedList<ProductEntry>(products, ProtocolLimits.ProductsMax),
            IsPolicyAuto = true,
        };
        int promisedBytes = StatusBody.OverheadBytesMax + body.Channel.Length + body.Title.Length + body.Description.Length
            + body.Owner.Length + body.Notice.Length + partitioning.Length + sizes.Length + settings.Length + products.Length;

        Assert.True(body.TryEncodeAnswer(new byte[promisedBytes], out int writtenBytes));
        Assert.InRange(writtenBytes, 0, ProtocolLimits.ServerFrameBytesMax);
        Assert.True(body.TryEncodeRoom(new byte[promisedBytes], out _));
    }

    [Fact]
    public void StatusBody_Empty_IsTheRoomThatNobodyCreatedAndFitsItsOverhead()
    {
        byte[] bytes = new byte[StatusBody.OverheadBytesMax];
        Assert.True(default(StatusBody).TryEncodeRoom(bytes, out int writtenBytes));
        Assert.Equal(DecodeStatus.Ok, StatusBody.TryDecodeRoom(bytes.AsSpan(0, writtenBytes), out StatusBody body));
        Assert.Equal([0x95, 0, 0, 1, 0xc0, 0xc0], body.EncodedPartitioning.ToArray());
    }

    [Fact]
    public void ListBodies_MostAndLongestNames_FitAServerFrame()
    {
        byte[] names = Encoded(ProtocolLimits.MemberNamesMax, MessagePackWriter.HeadBytesMax + ProtocolLimits.UserIdBytesMax, destination =>
        {
            var writer = new MessagePackWriter(destination);
            writer.WriteString(Filled(ProtocolLimits.UserIdBytesMax));
            return writer.WrittenBytes;
        });
        var members = new MembersBody { Channel = Channel, Total = uint.MaxValue, Users = new EncodedList<MemberName>(names, ProtocolLimits.MemberNamesMax) };
        Assert.True(members.TryEncode(new byte[MembersBody.OverheadBytesMax + Channel.Length + names.Length], out int membersBytes));
        Assert.InRange(membersBytes, 0, ProtocolLimits.ServerFrameBytesMax);

        int roomBytesMax = RoomEntry.OverheadBytesMax + ProtocolLimits.ChannelNameBytesMax + ProtocolLimits.TitleBytesMax;
        byte[] rooms = Encoded(ProtocolLimits.RoomsListedMax, roomBytesMax, destination =>
        {
            new RoomEntry
            {
                Name = Channel,
                Title = Filled(ProtocolLimits.TitleBytesMax),
                State = byte.MaxValue,
                StartsAtMilliseconds = ProtocolLimits.NumberMax,
                MembersTotal = uint.MaxValue,
            }.TryEncode(destination, out int writtenBytes);
            return writtenBytes;
        });
        var list = new RoomListBody { Rooms = new EncodedList<RoomEntry>(rooms, ProtocolLimits.RoomsListedMax), HasMore = true };
        Assert.True(list.TryEncode(new byte[RoomListBody.OverheadBytesMax + rooms.Length], out int listBytes));
        Assert.InRange(listBytes, 0, ProtocolLimits.ServerFrameBytesMax);
    }

    [Fact]
    public void RestrictionListBody_MostAndLongest_FitsAServerFrame()
    {
        int entryBytesMax = RestrictionEntry.OverheadBytesMax + ProtocolLimits.UserIdBytesMax + ProtocolLimits.ReasonBytesMax;
        byte[] entries = Encoded(ProtocolLimits.RestrictionsListedMax, entryBytesMax, destination =>
        {
            new RestrictionEntry
            {
                User = Filled(ProtocolLimits.UserIdBytesMax),
                Kind = (RestrictionKind)byte.MaxValue,
                UntilMilliseconds = ProtocolLimits.NumberMax,
                ByRole = byte.MaxValue,
                Reason = Filled(ProtocolLimits.ReasonBytesMax),
            }.TryEncode(destination, out int writtenBytes);
            return writtenBytes;
        });
        var list = new RestrictionListBody
        {
            Channel = Channel,
            Restrictions = new EncodedList<RestrictionEntry>(entries, ProtocolLimits.RestrictionsListedMax),
            HasMore = true,
        };

        Assert.True(list.TryEncode(new byte[RestrictionListBody.OverheadBytesMax + Channel.Length + entries.Length], out int listBytes));
        Assert.InRange(listBytes, 0, ProtocolLimits.ServerFrameBytesMax);
    }

    [Fact]
    public void CountsAndReactions_MostAndLargest_FitTheirOverhead()
    {
        byte[] numbers = Repeated(ProtocolLimits.PartitionsMax, uint.MaxValue);
        var counts = new CountsBody
        {
            Channel = Channel,
            Total = uint.MaxValue,
            Generation = ProtocolLimits.NumberMax,
            Partitions = new EncodedList<MemberCount>(numbers, ProtocolLimits.PartitionsMax),
        };
        Assert.True(counts.TryEncode(new byte[CountsBody.OverheadBytesMax + Channel.Length + numbers.Length], out _));

        byte[] pairs = Repeated(2 * ProtocolLimits.ReactionsMax, uint.MaxValue);
        var reactions = new ReactionsBody { Channel = Channel, Reactions = new EncodedList<ReactionCount>(pairs, ProtocolLimits.ReactionsMax) };
        Assert.True(reactions.TryEncode(new byte[ReactionsBody.OverheadBytesMax + Channel.Length + pairs.Length], out _));

        var react = new ReactBody { Channel = Channel, Reaction = byte.MaxValue, Count = byte.MaxValue };
        Assert.True(react.TryEncode(new byte[ReactBody.OverheadBytesMax + Channel.Length], out _));
        var left = new LeftBody { Channel = Channel, Code = (ErrorCode)ushort.MaxValue };
        Assert.True(left.TryEncode(new byte[LeftBody.OverheadBytesMax + Channel.Length], out _));
    }

    [Fact]
    public void RequestBodies_LargestOfEverything_FitAClientFrame()
    {
        var largest = new Position(ProtocolLimits.NumberMax, uint.MaxValue, ProtocolLimits.NumberMax, ProtocolLimits.NumberMax);
        byte[] positions = Encoded(ProtocolLimits.PartitionsMax, Position.EncodedBytesMax, destination =>
        {
            largest.TryEncode(destination, out int writtenBytes);
            return writtenBytes;
        });
        var join = new JoinBody
        {
            Channel = Channel,
            Start = JoinStart.Resume,
            Position = largest,
            Observe = true,
            Positions = new EncodedList<Position>(positions, ProtocolLimits.PartitionsMax),
        };
        Assert.True(join.TryEncode(new byte[JoinBody.OverheadBytesMax + Channel.Length + positions.Length], out int joinBytes));
        Assert.InRange(joinBytes, 0, ProtocolLimits.ClientFrameBytesMax);

        var query = new QueryBody
        {
            What = QueryKind.Rooms,
            Channel = Channel,
            State = byte.MaxValue,
            Search = Filled(ProtocolLimits.SearchBytesMax),
            After = Channel,
            Max = ProtocolLimits.RoomsListedMax,
        };
        int queryBytesMax = QueryBody.OverheadBytesMax + query.Channel.Length + query.Search.Length + query.After.Length;
        Assert.True(query.TryEncode(new byte[queryBytesMax], out _));

        query.What = QueryKind.Restrictions;
        query.AfterKind = byte.MaxValue;
        Assert.True(query.TryEncode(new byte[QueryBody.OverheadBytesMax + query.Channel.Length + query.After.Length], out _));
    }

    private static byte[] LargestPartitioning()
    {
        byte[] encoded = new byte[64 + ProtocolLimits.PartitionMapBytesMax + (ProtocolLimits.PartitionsMax * (2 + ProtocolLimits.EdgeNameBytesMax))];
        var writer = new MessagePackWriter(encoded);
        writer.WriteArrayHeader(5);
        writer.WriteUInt64(ProtocolLimits.NumberMax);
        writer.WriteUInt64(byte.MaxValue);
        writer.WriteUInt64(ProtocolLimits.PartitionsMax);
        writer.WriteBinary(new byte[ProtocolLimits.PartitionMapBytesMax]);
        writer.WriteArrayHeader(ProtocolLimits.PartitionsMax);
        for (int i = 0; i < ProtocolLimits.PartitionsMax; i++)
        {
            writer.WriteString(Filled(ProtocolLimits.EdgeNameBytesMax));
        }

        Assert.False(writer.Overflowed);
        return encoded[..writer.WrittenBytes];
    }

    private static byte[] LargestSettings() => Encoded(
        ProtocolLimits.SettingsMax, RoomSettingEntry.OverheadBytesMax + ProtocolLimits.RoomTextBytesMax, destination =>
        {
            new RoomSettingEntry { Setting = byte.MaxValue, IsText = true, Text = Filled(ProtocolLimits.RoomTextBytesMax) }
                .TryEncode(destination, out int writtenBytes);
            return writtenBytes;
        });

    private static byte[] LargestProducts()
    {
        int textBytes = ProtocolLimits.ProductIdBytesMax + ProtocolLimits.TitleBytesMax + ProtocolLimits.CurrencyBytesMax + ProtocolLimits.LinkBytesMax;
        return Encoded(ProtocolLimits.ProductsMax, ProductEntry.OverheadBytesMax + textBytes, destination =>
        {
            new ProductEntry
            {
                Id = Filled(ProtocolLimits.ProductIdBytesMax),
                Title = Filled(ProtocolLimits.TitleBytesMax),
                PriceMinor = ProtocolLimits.NumberMax,
                Currency = Filled(ProtocolLimits.CurrencyBytesMax),
                Stock = ProtocolLimits.NumberMax,
                Link = Filled(ProtocolLimits.LinkBytesMax),
            }.TryEncode(destination, out int writtenBytes);
            return writtenBytes;
        });
    }

    private static byte[] Repeated(int count, uint number) => Encoded(count, MessagePackWriter.IntegerBytesMax, destination =>
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteUInt64(number);
        return writer.WrittenBytes;
    });

    private static byte[] Encoded(int count, int itemBytesMax, Func<byte[], int> encode)
    {
        byte[] item = new byte[itemBytesMax];
        int itemBytes = encode(item);
        Assert.InRange(itemBytes, 1, itemBytesMax);
        return [.. Enumerable.Repeat(item[..itemBytes], count).SelectMany(bytes => bytes)];
    }

    private static byte[] Filled(int bytes)
    {
        var filled = new byte[bytes];
        filled.AsSpan().Fill((byte)'x');
        return filled;
    }
}
