using RelayServer.Rooms;
using RelayServer.UnitTests.Rooms.Support;

namespace RelayServer.UnitTests.Rooms;

public sealed class RepeatFilterTests
{
    private static readonly UInt128 Key = new(0x0f0e0d0c0b0a0908, 0x0706050403020100);

    // The first of the vectors that the algorithm's authors published: bytes 0 to n - 1 under the key 00 01 … 0f.
    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(1, 0x74f839c593dc67fd)]
    [InlineData(7, 0xab0200f58b01d137)]
    [InlineData(8, 0x93f5f5799a932462)]
    [InlineData(15, 0xa129ca6149be45e5)]
    public void SipHash_PublishedVectors_AreMet(int length, ulong expected)
    {
        byte[] input = [.. Enumerable.Range(0, length).Select(value => (byte)value)];

        Assert.Equal(expected, SipHash.Of(Key, input));
    }

    [Fact]
    public void IsRepeat_TextThatWasSaid_IsKnown()
    {
        var filter = new RepeatFilter(Key);
        Assert.False(filter.IsRepeat("Buy now!"u8));
        filter.Remember("Buy now!"u8);

        Assert.True(filter.IsRepeat("Buy now!"u8));
        Assert.True(filter.IsRepeat(" buy  NOW!\n"u8));
        Assert.False(filter.IsRepeat("Buy now"u8));
    }

    [Fact]
    public void IsRepeat_AfterManyOthers_IsForgotten()
    {
        var filter = new RepeatFilter(Key);
        for (int i = 0; i <= RepeatFilter.TextsMax; i++)
        {
            filter.Remember(Stage.Id("text " + i));
        }

        Assert.False(filter.IsRepeat("text 0"u8));
        Assert.True(filter.IsRepeat("text 1"u8));
        Assert.True(filter.IsRepeat("text 256"u8));
    }
}
