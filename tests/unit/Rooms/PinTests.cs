using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Rooms.Support;

namespace RelayServer.UnitTests.Rooms;

public sealed class PinTests
{
    [Fact]
    public void Apply_Notice_IsPinnedAndTakenOff()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Service, RoomControl.Notice("two\nlines"));
        stage.SaveAndLoad();
        Assert.Equal("two\nlines", stage.State.Notice);

        stage.Accepted(Stage.Moderator, RoomControl.Notice(""));
        Assert.Equal("", stage.State.Notice);
    }

    [Fact]
    public void Apply_ProductOfTheSameId_ChangesItInItsPlace()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Service, RoomControl.Pin(Product("a", 1)));
        stage.Accepted(Stage.Service, RoomControl.Pin(Product("b", 1)));
        stage.Accepted(Stage.Service, RoomControl.Pin(Product("a", 2)));
        stage.SaveAndLoad();

        Assert.Equal([Product("a", 2), Product("b", 1)], stage.State.Products);
    }

    [Fact]
    public void Apply_ProductThatIsNotPinned_IsNeitherRemovedNorBought()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Host, RoomControl.Pin(Product("a", 1)));
        stage.Refused(ErrorCode.NotFound, Stage.Host, RoomControl.Unpin("b"));
        stage.Refused(ErrorCode.NotFound, Stage.Service, RoomControl.Purchase("b", 1));
        stage.Accepted(Stage.Host, RoomControl.Unpin("a"));
        stage.Refused(ErrorCode.NotFound, Stage.Service, RoomControl.Purchase("a", 1));
        Assert.Empty(stage.State.Products);
    }

    [Fact]
    public void Apply_Purchase_ChangesNothing()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Host, RoomControl.Pin(Product("a", 1)));
        byte[] before = stage.State.Encode();
        stage.Accepted(Stage.Service, RoomControl.Purchase("a", 2, "Ann"));

        Assert.Equal(before, stage.State.Encode());
    }

    private static RoomProduct Product(string id, ulong price) => new(id, "Shoe", price, "EUR", uint.MaxValue, "https://shop.example/" + id);
}
