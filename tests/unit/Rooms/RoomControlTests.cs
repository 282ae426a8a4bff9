using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Rooms.Support;

namespace RelayServer.UnitTests.Rooms;

public sealed class RoomControlTests
{
    private static readonly RoomProduct Shoe = new("s1", "Shoe", 4999, "EUR", 7, "https://shop.example/s1");

    // The payloads as the specification has them, written by hand: what a program in another language sends.
    public static TheoryData<string, string> Payloads => new()
    {
        { "create", "94 01 a1 54 a1 44 05" },
        { "set", "92 02 92 92 01 cd07d0 92 20 a2 4869" },
        { "start", "91 03" },
        { "end", "91 04" },
        { "split edges", "93 05 01 00" },
        { "split groups", "93 05 02 08" },
        { "split auto", "93 05 03 00" },
        { "merge", "91 06" },
        { "appoint", "93 08 a1 75 04" },
        { "mute", "94 09 a1 75 3c a1 72" },
        { "kick", "93 0a a1 75 a0" },
        { "ban", "94 0b a1 75 ceffffffff a0" },
        { "ban_address", "94 0c ab 31302e312e302e302f3136 0a a0" },
        { "delete", "94 0d a1 75 cfffffffffffffffff 09" },
        { "notice", "92 0e a2 4869" },
        { "product", "97 0f a2 7331 a4 53686f65 cd1387 a3 455552 07 b7 68747470733a2f2f73686f702e6578616d706c652f7331" },
        { "product_removed", "92 10 a2 7331" },
        { "purchase", "94 11 a2 7331 02 a3 41 6e 6e" },
    };

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Decode_PayloadOfTheSpecification_IsRead(string name, string hex)
    {
        RoomControl? control = RoomControl.Decode(Bytes(hex), out ControlRefusal? refusal);

        Assert.Null(refusal);
        Assert.NotNull(control);
        Assert.Equal(Expected(name).Encode(), control.Encode());
        Assert.Equal(Bytes(hex), control.Encode());
    }

    [Theory]
    [MemberData(nameof(Payloads))]
    [Trait("Must", "R-CTRL-9")]
    public void Decode_CutAnywhere_IsMalformed(string name, string hex)
    {
        byte[] payload = Bytes(hex);
        for (int length = 0; length < payload.Length; length++)
        {
            Assert.Null(RoomControl.Decode(payload.AsSpan(0, length), out ControlRefusal? refusal));
            Assert.True(refusal!.Code == ErrorCode.MalformedBody, $"{name} cut at {length}: {refusal}");
        }
    }

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Decode_MoreElements_ArePassedOver(string name, string hex)
    {
        byte[] payload = [.. Bytes(hex), 0x92, 0xc0, 0x01];
        payload[0]++;

        Assert.NotNull(RoomControl.Decode(payload, out ControlRefusal? refusal));
        Assert.True(refusal is null, name);
    }

    [Theory]
    [InlineData("", ErrorCode.MalformedBody)]
    [InlineData("c0", ErrorCode.MalformedBody)]
    [InlineData("a1 61", ErrorCode.MalformedBody)]
    [InlineData("91 a1 61", ErrorCode.MalformedBody)]
    [InlineData("91 03 00", ErrorCode.MalformedBody)]
    [InlineData("90", ErrorCode.MalformedBody)]
    [InlineData("91 ff", ErrorCode.MalformedBody)]
    [InlineData("81 03 00", ErrorCode.MalformedBody)]
    [InlineData("93 09 a0", ErrorCode.MalformedBody)]
    [InlineData("94 09 a1 75 ff a0 00", ErrorCode.MalformedBody)]
    [InlineData("92 07 dc ffff", ErrorCode.MalformedBody)]
    [InlineData("92 03 91 91 91 91 91 91 91 91 00", ErrorCode.MalformedBody)]
    [InlineData("92 08 91 91 91 91 91 91 91 91 00", ErrorCode.MalformedBody)]
    [InlineData("92 0e a1 ff", ErrorCode.BadArgument)]
    [InlineData("92 0e c4 01 61", ErrorCode.BadArgument)]
    [InlineData("92 0e c0", ErrorCode.BadArgument)]
    [InlineData("91 00", ErrorCode.BadArgument)]
    [InlineData("91 07", ErrorCode.BadArgument)]
    [InlineData("91 12", ErrorCode.BadArgument)]
    [InlineData("91 cd0103", ErrorCode.BadArgument)]
    [InlineData("92 08 a1 75", ErrorCode.BadArgument)]
    [InlineData("93 08 a0 04", ErrorCode.BadArgument)]
    [InlineData("93 08 a1 75 03", ErrorCode.BadArgument)]
    [InlineData("93 08 a1 75 06", ErrorCode.BadArgument)]
    [InlineData("93 08 a1 75 07", ErrorCode.BadArgument)]
    [InlineData("94 09 a1 75 cf0000000100000000 a0", ErrorCode.BadArgument)]
    [InlineData("94 09 a1 75 ff a0", ErrorCode.BadArgument)]
    [InlineData("93 05 00 00", ErrorCode.BadArgument)]
    [InlineData("93 05 04 00", ErrorCode.BadArgument)]
    [InlineData("93 05 02 00", ErrorCode.BadArgument)]
    [InlineData("93 05 02 01", ErrorCode.BadArgument)]
    [InlineData("93 05 02 cc81", ErrorCode.BadArgument)]
    [InlineData("92 05 02", ErrorCode.BadArgument)]
    [InlineData("93 05 01 02", ErrorCode.BadArgument)]
    [InlineData("93 05 03 02", ErrorCode.BadArgument)]
    [InlineData("92 02 91 92 01 ff", ErrorCode.BadArgument)]
    [InlineData("92 02 91 91 01", ErrorCode.BadArgument)]
    [InlineData("92 02 91 01", ErrorCode.BadArgument)]
    [InlineData("92 02 90", ErrorCode.BadArgument)]
    [InlineData("92 02 91 92 11 00", ErrorCode.BadArgument)]
    [InlineData("92 02 91 92 03 02", ErrorCode.BadArgument)]
    [InlineData("92 02 91 92 03 a1 31", ErrorCode.BadArgument)]
    [InlineData("92 02 91 92 20 01", ErrorCode.BadArgument)]
    [InlineData("92 02 92 92 03 01 92 03 00", ErrorCode.BadArgument)]
    [InlineData("94 0c a9 30 2e 30 2e 30 2e 30 2f 30 0a a0", ErrorCode.BadArgument)]
    [InlineData("91 0c", ErrorCode.BadArgument)]
    [InlineData("94 11 a2 7331 00 a0", ErrorCode.BadArgument)]
    [InlineData("92 10 a0", ErrorCode.BadArgument)]
    [InlineData("92 0e a1 1b", ErrorCode.BadArgument)]
    [InlineData("94 0d a1 75 00 cf8000000000000000", ErrorCode.BadArgument)]
    [Trait("Must", "R-CTRL-9")]
    [Trait("Must", "R-SET-1")]
    public void Decode_Nonsense_SaysWhichKind(string hex, ErrorCode code)
    {
        Assert.Null(RoomControl.Decode(Bytes(hex), out ControlRefusal? refusal));
        Assert.Equal(code, refusal!.Code);
        Assert.NotEmpty(refusal.Text);
    }

    [Fact]
    public void Decode_SplitWithoutNumberOfGroups_IsReadWhereNoneIsNeeded()
    {
        Assert.Equal(ControlSplit.Edges, RoomControl.Decode(Bytes("92 05 01"), out _)!.Split);
        Assert.Equal(ControlSplit.Auto, RoomControl.Decode(Bytes("92 05 03"), out _)!.Split);
    }

    [Fact]
    public void Check_EachText_HasItsBound()
    {
        (int BytesMax, Func<string, RoomControl> With)[] texts =
        [
            (200, text => RoomControl.Create(text)),
            (2000, text => RoomControl.Create("t", text)),
            (200, text => RoomControl.Set(RoomSetting.Title, text)),
            (2000, text => RoomControl.Set(RoomSetting.Description, text)),
            (2000, RoomControl.Notice),
            (128, text => RoomControl.Mute(text, 1)),
            (200, text => RoomControl.Mute("u", 1, text)),
            (200, text => RoomControl.Kick("u", text)),
            (200, text => RoomControl.Ban("u", 1, text)),
            (200, text => RoomControl.BanAddress("10.0.0.0/8", 1, text)),
            (64, text => RoomControl.Pin(Shoe with { Id = text })),
            (200, text => RoomControl.Pin(Shoe with { Title = text })),
            (500, text => RoomControl.Pin(Shoe with { Link = string.Concat("http://x/", text.AsSpan(9)) })),
            (64, RoomControl.Unpin),
            (128, text => RoomControl.Purchase("s1", 1, text)),
        ];
        foreach ((int bytesMax, Func<string, RoomControl> with) in texts)
        {
            Assert.Null(with(new string('x', bytesMax)).Check());
            Assert.Equal(ErrorCode.BadArgument, with(new string('x', bytesMax + 1)).Check()?.Code);
        }
    }

    [Theory]
    [InlineData("eur", "")]
    [InlineData("EURO", "")]
    [InlineData("", "")]
    [InlineData("EUR", "javascript:alert(1)")]
    [InlineData("EUR", "/s1")]
    [InlineData("EUR", "ftp://shop.example/")]
    public void Check_ProductThatIsNone_IsRefused(string currency, string link)
    {
        Assert.Equal(ErrorCode.BadArgument, RoomControl.Pin(Shoe with { Currency = currency, Link = link }).Check()?.Code);
    }

    [Fact]
    [Trait("Must", "R-CTRL-7")]
    public void EncodeForLog_BanOfAddresses_TellsNobodyWhose()
    {
        RoomControl ban = RoomControl.BanAddress("10.1.0.0/16", 10, "spam");

        Assert.Equal(Bytes("91 0c"), ban.EncodeForLog());
        Assert.Equal(ControlVerb.BanAddress, RoomControl.DecodeLogged(ban.EncodeForLog())?.Verb);
        Assert.Equal(RoomControl.Start().Encode(), RoomControl.Start().EncodeForLog());
    }

    [Fact]
    public void Decode_AnyBytes_NeitherThrowsNorAllocatesMuch()
    {
        var random = new HostileBytes();
        byte[][] payloads = [.. Payloads.Select(row => Bytes(row.Data.Item2))];

        // What is built once for all controls is not what a payload costs.
        foreach (byte[] payload in payloads)
        {
            RoomControl.Decode(payload, out _);
            RoomControl.Decode([0x92, payload[1], 0xc0], out _);
        }

        for (int i = 0; i < 20_000; i++)
        {
            byte[] payload = random.Damaged(payloads);
            long before = GC.GetAllocatedBytesForCurrentThread();
            RoomControl.Decode(payload, out _);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096 + (64 * payload.Length));
        }
    }

    private static RoomControl Expected(string name) => name switch
    {
        "create" => RoomControl.Create("T", "D", 5),
        "set" => RoomControl.Set(new RoomSettingValue(RoomSetting.SlowModeMilliseconds, 2000), new RoomSettingValue(RoomSetting.Title, 0, "Hi")),
        "start" => RoomControl.Start(),
        "end" => RoomControl.End(),
        "split edges" => RoomControl.SplitByEdges(),
        "split groups" => RoomControl.SplitIntoGroups(8),
        "split auto" => RoomControl.SplitAutomatically(),
        "merge" => RoomControl.Merge(),
        "appoint" => RoomControl.Appoint("u", Role.Moderator),
        "mute" => RoomControl.Mute("u", 60, "r"),
        "kick" => RoomControl.Kick("u"),
        "ban" => RoomControl.Ban("u", RoomLimits.ForGoodSeconds),
        "ban_address" => RoomControl.BanAddress("10.1.0.0/16", 10),
        "delete" => RoomControl.Delete("u", ulong.MaxValue, 9),
        "notice" => RoomControl.Notice("Hi"),
        "product" => RoomControl.Pin(Shoe),
        "product_removed" => RoomControl.Unpin("s1"),
        _ => RoomControl.Purchase("s1", 2, "Ann"),
    };

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
