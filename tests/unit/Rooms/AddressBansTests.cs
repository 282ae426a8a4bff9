using System.Net;
using RelayServer.Rooms;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Rooms;

public sealed class AddressBansTests
{
    private const ulong Now = 1_000_000;

    [Theory]
    [InlineData("10.1.0.0/16", "10.1.255.255", true)]
    [InlineData("10.1.0.0/16", "10.1.0.0", true)]
    [InlineData("10.1.0.0/16", "10.2.0.0", false)]
    [InlineData("10.1.0.0/16", "10.0.255.255", false)]
    [InlineData("10.1.0.0/16", "::ffff:10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "2001:db8::1", false)]
    [InlineData("10.1.0.0/16", "::10.1.2.3", false)]
    [InlineData("255.255.255.255", "255.255.255.255", true)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::/32", "10.1.0.1", false)]
    [InlineData("::/16", "::1", true)]
    [InlineData("::/16", "::ffff:10.1.2.3", false)]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    public void InForce_Address_IsByItsBits(string range, string address, bool expected)
    {
        var bans = new AddressBans();
        bans.Put(AddressRange.Parse(range), new Restriction(Now + 1, Role.Operator));
        Assert.Equal(expected, bans.InForce(IPAddress.Parse(address), Now) is not null);
    }

    [Fact]
    public void InForce_RangesInEachOther_IsWhatLastsLongest()
    {
        var bans = new AddressBans();
        bans.Put(AddressRange.Parse("10.0.0.0/8"), new Restriction(Now + 20, Role.Operator));
        bans.Put(AddressRange.Parse("10.1.0.0/16"), new Restriction(Now + 30, Role.Operator));
        bans.Put(AddressRange.Parse("10.1.1.0/24"), new Restriction(Now + 10, Role.Operator));
        Assert.Equal(Now + 30, Until("10.1.1.1", Now));
        Assert.Equal(Now + 30, Until("10.1.2.1", Now));
        Assert.Equal(Now + 20, Until("10.2.1.1", Now));
        Assert.Equal(Now + 30, Until("10.1.1.1", Now + 25));
        Assert.Null(Until("10.2.1.1", Now + 20));
        bans.Remove(AddressRange.Parse("10.1.0.0/16"));
        Assert.Equal(Now + 20, Until("10.1.1.1", Now));
        Assert.True(bans.Prune(Now + 10));
        Assert.Equal(Now + 20, Until("10.1.1.1", Now + 10));
        Assert.False(bans.Prune(Now + 10));

        ulong? Until(string address, ulong now) => bans.InForce(IPAddress.Parse(address), now)?.UntilMilliseconds;
    }

    [Fact]
    public void InForce_ManyRangesOfAllWidths_IsWhatGoingThroughAllOfThemGives()
    {
        var random = new Random((int)(TestSeed.Choose() % int.MaxValue));
        for (int round = 0; round < 200; round++)
        {
            var bans = new AddressBans();
            for (int i = random.Next(RoomLimits.AddressBansMax); i > 0; i--)
            {
                IPAddress address = Address(random);
                int bitsMax = 8 * address.GetAddressBytes().Length;
                Assert.True(AddressRange.TryCreate(address, random.Next(16, bitsMax + 1), out IPNetwork range));
                bans.Put(range, new Restriction(Now + (ulong)random.Next(50), Role.Operator));
            }

            for (int i = 0; i < 100; i++)
            {
                IPAddress address = Address(random);
                ulong now = Now + (ulong)random.Next(50);
                ulong? expected = bans.All
                    .Where(ban => ban.Value.IsInForce(now) && ban.Key.Contains(address))
                    .Select(ban => (ulong?)ban.Value.UntilMilliseconds)
                    .Max();
                Assert.Equal(expected, bans.InForce(address, now)?.UntilMilliseconds);
                Assert.Equal(expected, bans.InForce(address.MapToIPv6(), now)?.UntilMilliseconds);
            }
        }
    }

    // Few different bits, so that ranges lie in each other and addresses in them.
    private static IPAddress Address(Random random)
    {
        byte[] bytes = new byte[random.Next(2) == 0 ? 4 : 16];
        bytes[0] = 0x20;
        for (int i = 1; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(random.Next(4) == 0 ? random.Next(4) << (2 * random.Next(4)) : 0);
        }

        return new IPAddress(bytes);
    }
}
