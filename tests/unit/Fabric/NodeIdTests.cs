using System.Text;
using RelayServer.Fabric;

namespace RelayServer.UnitTests.Fabric;

public sealed class NodeIdTests
{
    [Theory]
    [InlineData("edge")]
    [InlineData("host-7400")]
    public void NameOf_NewId_IsTheNameAndTheIdIsItsOwn(string name)
    {
        string id = NodeId.New(name);
        Assert.NotEqual(id, NodeId.New(name));
        Assert.Equal(name, NodeId.NameOf(Encoding.UTF8.GetBytes(id)));
    }

    [Theory]
    [InlineData("edge", "edge")]
    [InlineData("-1", "-1")]
    [InlineData("", "")]
    [InlineData("größe-1", "größe")]
    public void NameOf_AnyId_IsWhatIsBeforeTheLastHyphen(string id, string name) => Assert.Equal(name, NodeId.NameOf(Encoding.UTF8.GetBytes(id)));
}
