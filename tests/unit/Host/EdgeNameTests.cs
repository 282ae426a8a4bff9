using System.ComponentModel.DataAnnotations;
using RelayServer.Edge;
using RelayServer.Hosting;

namespace RelayServer.UnitTests.Host;

/// <summary>Edges that nobody named can be told apart.</summary>
public sealed class EdgeNameTests
{
    [Theory]
    [InlineData("web3", 7400, "web3-7400")]
    [InlineData("a.b_c-d", 1, "a.b_c-d-1")]
    [InlineData("-läden 7", 80, "lden7-80")]
    [InlineData("", 80, "edge-80")]
    public void Of_MachineAndPort_IsBothAsFarAsANameMayHaveThem(string machine, int port, string expected) =>
        Assert.Equal(expected, EdgeName.Of(machine, port));

    [Fact]
    public void Of_NoPort_DiffersEachTime() => Assert.NotEqual(EdgeName.Of("web3", 0), EdgeName.Of("web3", 0));

    [Fact]
    public void Of_AVeryLongName_IsOneThatAnEdgeMayHave()
    {
        var options = new EdgeOptions { Name = EdgeName.Of(new string('m', 255), 65_535) };
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
    }
}
