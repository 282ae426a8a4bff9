using System.Text;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Rooms.Support;

namespace RelayServer.UnitTests.Rooms;

/// <summary>A refusal says which argument of which control is wrong, and what it may be.</summary>
public sealed class ControlRefusalTests
{
    private const string Title = "title must be a text of 0 to 200 bytes in UTF-8 without control characters";
    private const string Id = "id must be a text of 1 to 64 bytes in UTF-8 without control characters";

    [Theory]
    [InlineData("91 00", "there is no control 0")]
    [InlineData("91 cf0000000100000003", "there is no control 4294967299")]
    [InlineData("94 01 07 a0 00", "create: " + Title)]
    [InlineData("94 01 a1 0a a0 00", "create: " + Title)]
    [InlineData("94 01 a1 ff a0 00", "create: " + Title)]
    [InlineData("92 01 a0", "create: description is missing; it must be a text of 0 to 2000 bytes in UTF-8 without control characters but line feeds and tabs")]
    [InlineData("94 01 a0 a0 ff", "create: starts_at_ms must be 0 to 9223372036854775807")]
    [InlineData("94 01 a0 a0 cfffffffffffffffff", "create: starts_at_ms must be 0 to 9223372036854775807")]
    [InlineData("91 02", "set: settings is missing; it must be 1 to 32 settings, each [number, value]")]
    [InlineData("92 02 90", "set: settings must be 1 to 32 settings, each [number, value]")]
    [InlineData("92 02 91 91 01", "set: settings must be 1 to 32 settings, each [number, value]")]
    [InlineData("92 02 91 92 01 ff", "set: slow_mode_ms must be 0 to 3600000 ms")]
    [InlineData("92 02 91 92 01 ce0036ee81", "set: slow_mode_ms must be 0 to 3600000 ms")]
    [InlineData("92 02 91 92 01 a1 31", "set: slow_mode_ms must be 0 to 3600000 ms")]
    [InlineData("92 02 91 92 03 02", "set: frozen must be 0 or 1")]
    [InlineData("92 02 91 92 20 c0", "set: " + Title)]
    [InlineData("92 02 91 92 11 c0", "set: there is no setting 17")]
    [InlineData("92 02 92 92 03 01 92 03 00", "set: frozen is there twice")]
    [InlineData("91 05", "split: mode is missing; it must be 1 (edges), 2 (groups) or 3 (automatic)")]
    [InlineData("92 05 04", "split: mode must be 1 (edges), 2 (groups) or 3 (automatic)")]
    [InlineData("93 05 02 01", "split: groups must be 2 to 128; only a split into groups has any")]
    [InlineData("93 05 01 02", "split: groups must be 2 to 128; only a split into groups has any")]
    [InlineData("91 08", "appoint: user is missing; it must be a user id of 1 to 128 bytes")]
    [InlineData("93 08 a1 75 09", "appoint: role must be 0 (none), 1 (viewer), 2 (member), 4 (moderator) or 5 (host); other roles come with a token")]
    [InlineData("93 08 a1 75 03", "appoint: role must be 0 (none), 1 (viewer), 2 (member), 4 (moderator) or 5 (host); other roles come with a token")]
    [InlineData("94 09 a1 75 cf0000000100000000 a0", "mute: seconds must be 0 to 4294967295")]
    [InlineData("94 0b a1 75 a1 31 a0", "ban: seconds must be 0 to 4294967295")]
    [InlineData("93 0a a1 75 00", "kick: reason must be a text of 0 to 200 bytes in UTF-8 without control characters")]
    [InlineData("91 0c", "ban_address: range must be an address range such as 203.0.113.0/24 or 2001:db8::/48, at least /8 or /16")]
    [InlineData("92 0c a1 31", "ban_address: seconds is missing; it must be 0 to 4294967295")]
    [InlineData("94 0d a1 75 ff 01", "delete: producer_id must be 0 to 18446744073709551615")]
    [InlineData("94 0d a1 75 01 cf8000000000000000", "delete: number must be 0 to 9223372036854775807")]
    [InlineData("91 0e", "notice: text is missing; it must be a text of 0 to 2000 bytes in UTF-8 without control characters but line feeds and tabs")]
    [InlineData("97 0f a0 a1 54 00 a3 455552 00 a0", "product: " + Id)]
    [InlineData("97 0f a1 31 a1 54 00 a3 657572 00 a0", "product: currency must be three capital letters, such as EUR")]
    [InlineData("97 0f a1 31 a1 54 00 a3 455552 cf0000000100000000 a0", "product: stock must be 0 to 4294967295")]
    [InlineData("97 0f a1 31 a1 54 00 a3 455552 00 a1 78", "product: link must be empty, or an https:// or http:// address of at most 500 bytes")]
    [InlineData("92 10 a0", "product_removed: " + Id)]
    [InlineData("94 11 a1 31 00 a0", "purchase: quantity must be 1 to 1000000")]
    [InlineData("94 11 a0 01 a0", "purchase: product_" + Id)]
    [Trait("Must", "R-CTRL-9")]
    public void Decode_BadArgument_NamesControlArgumentAndBounds(string hex, string text)
    {
        Assert.Null(RoomControl.Decode(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), out ControlRefusal? refusal));
        Assert.Equal((ErrorCode.BadArgument, text), (refusal!.Code, refusal.Text));
    }

    [Fact]
    public void Check_EveryVerbWithoutArguments_NamesTheVerb()
    {
        foreach (ControlVerb verb in Enum.GetValues<ControlVerb>().Except([ControlVerb.Start, ControlVerb.End, ControlVerb.Merge]))
        {
            Assert.Null(RoomControl.Decode([0x91, (byte)verb], out ControlRefusal? refusal));
            Assert.StartsWith($"{verb.Name()}: ", refusal!.Text, StringComparison.Ordinal);
            Assert.InRange(Encoding.UTF8.GetByteCount(refusal.Text), 1, ProtocolLimits.TextBytesMax);
        }
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("a\nb", "has a control, formatting, separator, private or unpaired character")]
    [InlineData("a\u0000", "has a control, formatting, separator, private or unpaired character")]
    [InlineData("a\u202eb", "has a control, formatting, separator, private or unpaired character")]
    [InlineData("a\ufffdb", "has a control, formatting, separator, private or unpaired character")]
    [InlineData("a\ud800b", "has a control, formatting, separator, private or unpaired character")]
    [InlineData(" bob", "begins or ends with a space")]
    [InlineData("e\u0301", "is not in Unicode normalization form C")]
    [Trait("Must", "R-CTRL-10")]
    public void Check_UserWhoCanHaveNoToken_IsABadArgument(string user, string problem)
    {
        RoomControl[] controls =
        [
            RoomControl.Appoint(user, Role.Moderator), RoomControl.Mute(user, 60), RoomControl.Kick(user), RoomControl.Ban(user, 60),
            RoomControl.Delete(user, 1, 2),
        ];
        foreach (RoomControl control in controls)
        {
            ControlRefusal refusal = control.Check()!;
            Assert.Equal(ErrorCode.BadArgument, refusal.Code);
            Assert.Equal($"{control.Verb.Name()}: user must be a user id of 1 to 128 bytes; this one {problem}", refusal.Text);
        }
    }

    [Theory]
    [InlineData("93 08 a2 75ff 04")]
    [InlineData("94 09 a2 c080 3c a0")]
    [InlineData("93 0a a3 eda080 a0")]
    [InlineData("94 0b a1 80 3c a0")]
    [InlineData("94 0d a1 fe 01 02")]
    [Trait("Must", "R-CTRL-10")]
    public void Decode_UserThatIsNoUtf8_IsABadArgument(string hex)
    {
        Assert.Null(RoomControl.Decode(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), out ControlRefusal? refusal));
        Assert.Equal(ErrorCode.BadArgument, refusal!.Code);
        Assert.EndsWith(": user must be a user id of 1 to 128 bytes", refusal.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auth0|5f7c8ec7c33c6c004bbafe82")]
    [InlineData("Zo\u00eb M\u00fcller")]
    [InlineData("\u5c71\u7530")]
    public void Check_UserWhoCanHaveAToken_CanBeNamed(string user) => Assert.Null(RoomControl.Ban(user, 60).Check());

    [Fact]
    public void Apply_AgainstOneself_SaysWhichArgument() =>
        Assert.Equal(
            "mute: user must be somebody else: nobody does this to himself",
            new Stage().Refused(ErrorCode.BadArgument, Stage.Moderator, RoomControl.Mute(Stage.Moderator, 60)).Text);
}
