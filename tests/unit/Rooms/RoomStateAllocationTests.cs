using System.Net;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Rooms.Support;

namespace RelayServer.UnitTests.Rooms;

/// <summary>What is asked for every message costs no allocation.</summary>
public sealed class RoomStateAllocationTests
{
    private const int Rounds = 1000;

    [Fact]
    public void Reads_ForEachMessage_AllocateNothing()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Owner, RoomControl.Ban("a", 60));
        stage.Accepted(Stage.Owner, RoomControl.Mute("b", 60));
        stage.Accepted(Stage.Owner, RoomControl.Delete("c", 1, 2));
        stage.Accepted(Stage.Owner, RoomControl.Set(RoomSetting.LinksRefused, 1));
        stage.Accepted(Stage.Owner, RoomControl.Set(RoomSetting.TextCharactersMax, 100));
        stage.Accepted(Stage.Operator, RoomControl.BanAddress("10.0.0.0/8", 60));
        stage.Accepted(Stage.Operator, RoomControl.BanAddress("2001:db8::/32", 60));
        var slow = new SlowMode();
        var cap = new DeliveryCap(10, 5);
        var repeats = new RepeatFilter(7);
        IPAddress[] addresses = [IPAddress.Parse("11.0.0.1"), IPAddress.Parse("::ffff:11.0.0.1"), IPAddress.Parse("2001:db9::1")];
        foreach (IPAddress address in addresses)
        {
            Read(stage, slow, cap, repeats, address);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Rounds; i++)
        {
            Read(stage, slow, cap, repeats, addresses[i % addresses.Length]);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Read(Stage stage, SlowMode slow, DeliveryCap cap, RepeatFilter repeats, IPAddress address)
    {
        RoomState state = stage.State;
        ulong now = stage.NowMilliseconds;
        ReadOnlySpan<byte> user = "max"u8;
        ReadOnlySpan<byte> text = "nice shoes. I want them.all of them"u8;
        bool none = state.MayJoin(user, Role.Member, address, now) is not null | state.IsMuted(user, now) | state.IsDeleted(user, 1, 2);
        none |= state.MaySpeak(user, Role.Member, MessageKind.Text, text, now) is not null | state.MayReact(user, Role.Member, now) is not null;
        none |= slow.WaitMilliseconds(user, 1000, now) > 0 | repeats.IsRepeat(text) | state.RoleOf(user, Role.Member) != Role.Member;
        none |= state[RoomSetting.DeliveryCapPerSecond] != 0;
        repeats.Remember("x"u8);
        cap.MayDeliver(user, now);
        Assert.False(none);
    }
}
