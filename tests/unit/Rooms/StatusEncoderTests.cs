using System.Text;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Rooms.Support;

namespace RelayServer.UnitTests.Rooms;

public sealed class StatusEncoderTests
{
    [Fact]
    public void EncodeRoom_NeverChanged_IsAnOpenWholeRoom()
    {
        byte[] encoded = StatusEncoder.EncodeRoom("lobby"u8, new RoomState(), Role.Member, 0, []);

        Assert.Equal(DecodeStatus.Ok, StatusBody.TryDecodeRoom(encoded, out StatusBody status));
        Assert.Equal("lobby"u8, status.Channel);
        Assert.Equal((byte)BroadcastState.Open, status.State);
        Assert.Equal((byte)Role.Member, status.Role);
        Assert.Equal(0, status.Settings.Count + status.Products.Count + status.Sizes.Count);
        Assert.Equal(SplitMode.Whole, DivisionOf(status).Mode);
        Assert.False(status.IsPolicyAuto);
    }

    [Fact]
    public void EncodeAnswer_RoomWithEverything_SaysAllOfIt()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Owner, RoomControl.Set(
            new RoomSettingValue(RoomSetting.SlowModeMilliseconds, 3000), new RoomSettingValue(RoomSetting.NoticesMembersMax, 50)));
        stage.Accepted(Stage.Owner, RoomControl.Notice("Back at eight"));
        stage.Accepted(Stage.Owner, RoomControl.Pin(new RoomProduct("hat", "A hat", 1999, "EUR", 7, "https://shop.example/hat")));
        stage.Accepted(Stage.Owner, RoomControl.SplitAutomatically());
        stage.State.Begin(Partitioning.ByEdges(1, ["edge-1", "edge-2"]));

        byte[] encoded = StatusEncoder.EncodeAnswer("sale"u8, stage.State, Role.Host, 12, [5, 7]);

        Assert.Equal(DecodeStatus.Ok, StatusBody.TryDecodeAnswer(encoded, out StatusBody status));
        Assert.Equal((byte)BroadcastState.Live, status.State);
        Assert.Equal("Spring sale"u8, status.Title);
        Assert.Equal("Shoes\nand hats"u8, status.Description);
        Assert.Equal(Encoding.UTF8.GetBytes(Stage.Owner), status.Owner);
        Assert.Equal(1_000UL, status.StartsAtMilliseconds);
        Assert.Equal((byte)Role.Host, status.Role);
        Assert.Equal(12u, status.MembersTotal);
        Assert.Equal(["edge-1", "edge-2"], DivisionOf(status).Edges);
        Assert.Equal("Back at eight"u8, status.Notice);
        Assert.True(status.IsPolicyAuto);
        List<uint> sizes = [];
        foreach (MemberCount size in status.Sizes)
        {
            sizes.Add(size.Value);
        }

        Assert.Equal([5u, 7u], sizes);

        // A setting at its default is not said, even when somebody has set it.
        EncodedList<RoomSettingEntry> settings = status.Settings.GetEnumerator();
        Assert.Equal(1, status.Settings.Count);
        Assert.True(settings.MoveNext());
        Assert.Equal(((byte)RoomSetting.SlowModeMilliseconds, 3000UL), (settings.Current.Setting, settings.Current.Number));
        EncodedList<ProductEntry> products = status.Products.GetEnumerator();
        Assert.True(products.MoveNext());
        Assert.Equal("hat"u8, products.Current.Id);
        Assert.Equal(1999UL, products.Current.PriceMinor);
        Assert.Equal("https://shop.example/hat"u8, products.Current.Link);
    }

    [Fact]
    public void EncodeAnswer_LargestRoom_FitsIntoAFrame()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Owner, RoomControl.Set(
            new RoomSettingValue(RoomSetting.Title, 0, new string('t', RoomLimits.TitleBytesMax)),
            new RoomSettingValue(RoomSetting.Description, 0, new string('d', RoomLimits.DescriptionBytesMax))));
        stage.Accepted(Stage.Owner, RoomControl.Notice(new string('n', RoomLimits.NoticeBytesMax)));
        for (int i = 0; i < RoomLimits.ProductsMax; i++)
        {
            string id = $"{i}".PadLeft(RoomLimits.ProductIdBytesMax, '-');
            string link = "https://shop.example/".PadRight(RoomLimits.LinkBytesMax, 'l');
            stage.Accepted(Stage.Owner, RoomControl.Pin(new RoomProduct(id, new string('t', RoomLimits.TitleBytesMax), ProtocolLimits.NumberMax, "EUR", uint.MaxValue, link)));
        }

        string[] edges = [.. Enumerable.Range(0, Partitioning.PartitionsMax).Select(i => $"{i}".PadLeft(Partitioning.EdgeNameBytesMax, 'e'))];
        stage.State.Begin(Partitioning.ByEdges(1, edges));
        uint[] sizes = new uint[Partitioning.PartitionsMax];
        Array.Fill(sizes, uint.MaxValue);

        byte[] encoded = StatusEncoder.EncodeAnswer(new byte[ProtocolLimits.ChannelNameBytesMax], stage.State, Role.Operator, uint.MaxValue, sizes);

        Assert.Equal(DecodeStatus.Ok, StatusBody.TryDecodeAnswer(encoded, out StatusBody _));
        Assert.InRange(encoded.Length, 1, ProtocolLimits.ServerFrameBytesMax);
    }

    private static Partitioning DivisionOf(in StatusBody status)
    {
        var reader = new MessagePackReader(status.EncodedPartitioning);
        return Assert.IsType<Partitioning>(Partitioning.Read(ref reader));
    }
}
