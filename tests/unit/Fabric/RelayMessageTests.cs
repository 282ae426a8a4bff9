using RelayServer.Fabric;

namespace RelayServer.UnitTests.Fabric;

public sealed class RelayMessageTests
{
    [Fact]
    public void Assemble_HeadAndBodies_HeadThenBin32OfEach()
    {
        List<FabricAppend> appends = [Append([1]), Append([]), Append(new byte[300])];
        var relay = new FabricRelay(FabricAddress.Edge("a"), new byte[] { 9, 8 }, [2, 0, 1, 0]);
        byte[] message = RelayMessage.Assemble(relay, appends);
        byte[] expected = [9, 8, 0xc6, 0, 0, 1, 44, .. new byte[300], 0xc6, 0, 0, 0, 1, 1, 0xc6, 0, 0, 0, 0, 0xc6, 0, 0, 0, 1, 1];
        Assert.Equal(expected, message);
    }

    [Fact]
    public void Assemble_Nothing_Empty() =>
        Assert.Empty(RelayMessage.Assemble(new(FabricAddress.Edge("a"), default, []), []));

    private static FabricAppend Append(byte[] body) => new(new("room", 0, 0), 1, 1, body, null);
}
