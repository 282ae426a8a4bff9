using System.Net;
using RelayServer.Guards;

namespace RelayServer.UnitTests.Guards;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", true)]
    [InlineData("2001:db8::1", "2001:db8::ffff:1", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("64:ff9b::c000:201", "192.0.2.1", true)]
    [InlineData("64:ff9b::c000:201", "64:ff9b::c000:202", false)]
    public void Of_TwoAddresses_AreOneWhenOneClientHasBoth(string first, string second, bool same) =>
        Assert.Equal(same, ClientAddress.Of(IPAddress.Parse(first)).Client == ClientAddress.Of(IPAddress.Parse(second)).Client);

    [Theory]
    [InlineData("2001:db8:7::1", "2001:db8:7:ffff::1", true)]
    [InlineData("2001:db8:7::1", "2001:db8:8::1", false)]
    public void Of_TwoNetworks_AreOfOneSiteWhenOneCustomerMayHaveBoth(string first, string second, bool same) =>
        Assert.Equal(same, ClientAddress.Of(IPAddress.Parse(first)).Site == ClientAddress.Of(IPAddress.Parse(second)).Site);

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("::ffff:192.0.2.1")]
    [InlineData(null)]
    public void Of_AddressThatIsCountedWhole_HasNoSite(string? address) =>
        Assert.Null(ClientAddress.Of(address is null ? null : IPAddress.Parse(address)).Site);
}
