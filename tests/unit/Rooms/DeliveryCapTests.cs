using FsCheck.Fluent;
using RelayServer.Rooms;
using RelayServer.UnitTests.Rooms.Support;

namespace RelayServer.UnitTests.Rooms;

public sealed class DeliveryCapTests
{
    private const ulong Start = 1_700_000_000_000;
    private static readonly UInt128 Key = new(1, 2);

    [Fact]
    public void MayDeliver_NoCap_Always()
    {
        var cap = new DeliveryCap(0, Key);

        Assert.All(Enumerable.Range(0, 10_000), _ => Assert.True(cap.MayDeliver("a"u8, Start)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(333)]
    public void MayDeliver_OneSenderWithoutEnd_GetsTheCap(uint perSecond)
    {
        var cap = new DeliveryCap(perSecond, Key);
        int delivered = 0;
        for (ulong at = Start; at < Start + 10_000; at++)
        {
            delivered += cap.MayDeliver("a"u8, at) ? 1 : 0;
        }

        Assert.InRange(delivered, 9 * (int)perSecond, 10 * (int)perSecond);
    }

    [Theory]
    [InlineData(40, 20)]
    [InlineData(40, 700)]
    [InlineData(100, 20)]
    public void MayDeliver_OneFloodsAndTwentySpeak_TheTwentyAreAllHeard(uint perSecond, ulong moment)
    {
        var cap = new DeliveryCap(perSecond, Key);
        int flood = 0;
        for (ulong at = Start; at < Start + 20_000; at++)
        {
            for (int i = 0; i < 5; i++)
            {
                flood += cap.MayDeliver("flood"u8, at) ? 1 : 0;
            }

            // Each once in a second, all of them at once, when the flood has taken what it can.
            if (at % 1000 == moment)
            {
                Assert.All(Enumerable.Range(0, 20), user => Assert.True(cap.MayDeliver(Stage.Id("quiet" + user), at), $"user {user} at {at - Start}"));
            }
        }

        Assert.InRange(flood, 20, 20 * ((int)perSecond - 20));
    }

    [Fact]
    public void MayDeliver_CapForExactlyAll_HearsEverybodyOnce()
    {
        var cap = new DeliveryCap(21, Key);
        for (ulong second = 0; second < 10; second++)
        {
            Assert.All(Enumerable.Range(0, 21), user => Assert.True(cap.MayDeliver(Stage.Id("u" + user), Start + (1000 * second))));
            Assert.False(cap.MayDeliver("u0"u8, Start + (1000 * second)));
        }
    }

    [Fact]
    public void MayDeliver_TwoWithoutEnd_GetTheSame()
    {
        var cap = new DeliveryCap(100, Key);
        int[] delivered = [0, 0];
        for (ulong at = Start; at < Start + 10_000; at++)
        {
            delivered[0] += cap.MayDeliver("a"u8, at) ? 1 : 0;
            delivered[0] += cap.MayDeliver("a"u8, at) ? 1 : 0;
            delivered[1] += cap.MayDeliver("b"u8, at) ? 1 : 0;
        }

        Assert.InRange(delivered[0], 450, 550);
        Assert.InRange(delivered[1], 450, 550);
    }

    [Fact]
    public void MayDeliver_AnyTraffic_IsNeverMoreThanTheCapAllows()
    {
        RandomTests.Check(
            200,
            from cap in Gen.Choose(1, 50)
            from steps in Gen.Choose(0, 400).Zip(Gen.Choose(0, 12)).ArrayOf(400)
            select (cap, steps),
            input =>
            {
                var cap = new DeliveryCap((uint)input.cap, Key);
                ulong now = Start;
                var times = new List<ulong>();
                foreach ((int pause, int user) in input.steps)
                {
                    now += (ulong)pause / 20;
                    if (cap.MayDeliver(Stage.Id("u" + user), now))
                    {
                        times.Add(now);
                    }
                }

                // A bucket lets through what it holds and what flows in meanwhile.
                Assert.All(times, from => Assert.InRange(times.Count(at => at >= from && at < from + 1000), 0, 2 * input.cap));
                Assert.InRange((ulong)times.Count, 0UL, (ulong)input.cap + ((now - Start + 1) * (ulong)input.cap / 1000));
            });
    }

    [Fact]
    public void MayDeliver_MoreSendersThanAreToldApart_StaysBounded()
    {
        var cap = new DeliveryCap(100_000, Key);
        int delivered = Enumerable.Range(0, 60_000).Count(user => cap.MayDeliver(Stage.Id("u" + user), Start));

        Assert.InRange(delivered, DeliveryCap.SendersMax, 100_000);
    }

    [Fact]
    public void PerSecond_Changed_CountsAtOnce()
    {
        var cap = new DeliveryCap(0, Key);
        Assert.True(cap.MayDeliver("a"u8, Start));
        cap.PerSecond = 1;
        Assert.True(cap.MayDeliver("a"u8, Start));
        Assert.False(cap.MayDeliver("a"u8, Start));
        cap.PerSecond = 0;
        Assert.True(cap.MayDeliver("a"u8, Start));
    }

    [Fact]
    public void MayDeliver_ClockSetBack_GoesOn()
    {
        var cap = new DeliveryCap(2, Key);
        Assert.True(cap.MayDeliver("a"u8, Start));
        Assert.True(cap.MayDeliver("b"u8, Start - 5000));
        Assert.False(cap.MayDeliver("c"u8, Start - 5000));
        Assert.True(cap.MayDeliver("c"u8, Start - 4000));
    }
}
