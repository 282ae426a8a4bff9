using System.Net;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Rooms;

public sealed class AddressRangeTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("203.0.113.77/24", "203.0.113.0/24")]
    [InlineData("203.0.113.77", "203.0.113.77/32")]
    [InlineData("2001:db8:1:2::/48", "2001:db8:1::/48")]
    [InlineData("2001:db8::1", "2001:db8::1/128")]
    [InlineData("::ffff:10.1.2.3/120", "10.1.2.0/24")]
    public void TryParse_Range_HasOneForm(string text, string expected)
    {
        Assert.True(AddressRange.TryParse(text, out IPNetwork range));
        Assert.Equal(expected, range.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/8")]
    [InlineData("10.0.0.0/7")]
    [InlineData("0.0.0.0/0")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/-8")]
    [InlineData("10.0.0.0/ 8")]
    [InlineData("10.0.0.0/256")]
    [InlineData("10.1/16")]
    [InlineData("010.0.0.1")]
    [InlineData("0x0a.0.0.1")]
    [InlineData("2001::/15")]
    [InlineData("::/0")]
    [InlineData("::ffff:0.0.0.0/96")]
    [InlineData("2001:db8::/129")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[2001:db8::1]")]
    [InlineData("example.com")]
    public void TryParse_NoRangeOrTooWide_IsRefused(string text) => Assert.False(AddressRange.TryParse(text, out _));
}
