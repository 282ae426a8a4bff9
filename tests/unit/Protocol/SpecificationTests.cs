using System.Globalization;
using System.Reflection;
using RelayServer.Protocol;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Protocol;

/// <summary>PROTOCOL.md says what the code, the schema and the vectors say.</summary>
public sealed class SpecificationTests
{
    private static Specification Text => Specification.Instance;

    public static TheoryData<string> NamesWithBody => SchemaTests.NamesWithBody;

    [Fact]
    public void Limits_Table_HasTheValuesOfProtocolLimits()
    {
        IEnumerable<(string, string?)> code = typeof(ProtocolLimits).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (field.Name, Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture)));
        Assert.Equal(code.Order(), Text.Table("16 Limits").Select(row => (row[0], (string?)row[1])).Order());
    }

    [Fact]
    public void ErrorCodes_Table_HasTheCodesOfTheEnum()
    {
        IEnumerable<(string, string)> code = Enum.GetValues<ErrorCode>()
            .Select(value => (((int)value).ToString(CultureInfo.InvariantCulture), value.ToString()));
        IReadOnlyList<string[]> table = Text.Table("17 Error codes");
        Assert.Equal(code, table.Select(row => (row[0], row[1])));
        Assert.All(table, row => Assert.Contains(row[2], (string[])["CLOSE", "ERROR", "both", "ERROR, LEFT"]));
    }

    [Fact]
    public void Header_Table_IsTheSchemasAndTheCodecs()
    {
        IReadOnlyList<string[]> table = Text.Table("3 Header");
        Assert.Equal(
            Schema.Instance.Json["header"]!.AsArray().Select(field => $"{field!["offset"]} {field["bytes"]} {field["name"]}"),
            table.Select(row => $"{row[0]} {row[1]} {row[2]}"));
        Assert.Equal(FrameHeader.SizeBytes, table.Sum(row => int.Parse(row[1], CultureInfo.InvariantCulture)));

        var bytes = new byte[FrameHeader.SizeBytes];
        new FrameHeader(0x01020304, (FrameType)0x05, (FrameFlags)0x06, 0x090A0B0C).Write(bytes);
        Assert.Equal("010203040506" + "0000" + "090a0b0c", Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void Flags_Table_HasTheFlags()
    {
        IReadOnlyList<string[]> table = Text.Table("3 Header", 1);
        Assert.Equal(
            Schema.Instance.Json["flags"]!.AsObject().Select(flag => $"{flag.Key} 0x{flag.Value!.GetValue<int>():x2}"),
            table.Select(row => $"{row[0]} {row[1]}"));
        foreach (string[] row in table)
        {
            Assert.Equal(
                Schema.Instance.Frames.Where(frame => frame.Flags.Contains(row[0])).Select(frame => frame.Name),
                row[2].Split(", "));
        }
    }

    [Fact]
    public void Frames_Table_IsTheSchemas() =>
        Assert.Equal(
            Schema.Instance.Frames.Select(
                frame => $"{frame.Name} 0x{(byte)frame.Type:x2} {frame.From} {frame.State} {string.Join(", ", frame.Flags)} {frame.Capability}"),
            Text.Table("5 Frames").Select(row => $"{row[0]} {row[1]} {row[2]} {row[3]} {row[4]} {row[6]}"));

    [Theory]
    [InlineData("AwaitHello")]
    [InlineData("AwaitAuth")]
    [InlineData("Ready")]
    public void States_Table_IsTheSchemas(string state)
    {
        string[] row = Text.Table("6 States").Single(cells => cells[0] == state);
        IEnumerable<string> legal = Schema.Instance.Frames
            .Where(frame => frame.From is "client" or "both" && (frame.State == state || frame.State == "any"))
            .Select(frame => frame.Name);
        Assert.Equal(legal.Order(), row[1].Split(", ").Order());
    }

    [Theory]
    [MemberData(nameof(NamesWithBody))]
    public void Fields_Table_IsTheSchemas(string name)
    {
        SchemaBody kind = Schema.Instance[name];
        AssertFields($"{name} (0x{(byte)kind.Type:x2})", kind.Fields);
    }

    public static TheoryData<string> TupleNames => [.. Schema.Instance.Tuples.Keys];

    [Theory]
    [MemberData(nameof(TupleNames))]
    public void Fields_TableOfTuple_IsTheSchemas(string name) => AssertFields(name, Schema.Instance.Tuples[name]);

    public static TheoryData<string> PayloadNames => PayloadTests.Kinds;

    [Theory]
    [MemberData(nameof(PayloadNames))]
    public void Fields_TableOfPayload_IsTheSchemas(string name)
    {
        SchemaPayload payload = Schema.Instance.Payloads.Single(one => one.Name == name);
        AssertFields($"payload {name} ({(int)payload.Kind})", payload.Fields);
    }

    [Fact]
    public void Tuples_BoundAsAWhole_AreThoseOfTheCodec() =>
        Assert.Equal(
            [$"card {ProtocolLimits.CardBytesMax}"],
            Schema.Instance.Json["tuple_bytes_max"]!.AsObject().Select(tuple => $"{tuple.Key} {tuple.Value}"));

    [Fact]
    public void Kinds_Table_HasTheKinds() =>
        Assert.Equal(
            Enum.GetValues<MessageKind>().Select(kind => $"{(int)kind} {kind.ToString().ToLowerInvariant()}"),
            Text.Table("11 Publishing").Select(row => row[0]).Where(kind => !kind.Contains('…', StringComparison.Ordinal)));

    [Fact]
    public void Capabilities_Table_HasTheCapabilities() =>
        Assert.Equal(
            Enum.GetValues<Capabilities>().Where(one => one != Capabilities.None).Select(one => one.ToString().ToLowerInvariant()),
            Text.Table("8 Versions").Select(row => row[0]));

    [Fact]
    public void GapReasons_InTheText_AreTheEnums() =>
        Assert.All(
            Enum.GetValues<GapReason>(),
            reason => Assert.Contains($"{(int)reason} `{reason}`", string.Join(' ', Text.Lines), StringComparison.Ordinal));

    [Fact]
    public void ReservedNumbers_FrameTypes_LieInTheirRanges()
    {
        (int First, int Last)[] ranges = [.. Text.Table("18 Reserved").Select(row => row[0].Split('–')).Where(ends => ends.Length == 2)
            .Select(ends => (Convert.ToInt32(ends[0], 16), Convert.ToInt32(ends[1], 16)))];
        Assert.Equal(1, ranges[0].First);
        Assert.Equal(0xff, ranges[^1].Last);
        Assert.All(ranges.Zip(ranges.Skip(1)), pair => Assert.Equal(pair.First.Last + 1, pair.Second.First));
        Assert.All(Schema.Instance.Frames, frame => Assert.True(
            frame.Type is > 0 and <= (FrameType)0x2f || (frame.Capability.Length > 0 && frame.Type is <= (FrameType)0x6f), frame.Name));
    }

    [Fact]
    public void Examples_InTheText_AreTheVectors()
    {
        Assert.True(Text.Examples.Count >= 10, "examples are missing");
        Assert.All(Text.Examples, example =>
            Assert.Equal(Convert.ToHexStringLower(VectorFile.Frames[example.Name].Bytes), example.Hex));
    }

    private static void AssertFields(string heading, IReadOnlyList<SchemaField> fields) =>
        Assert.Equal(
            fields.Select(field => $"{field.Name}: {field.Type}{(field.Optional ? ", may be missing" : string.Empty)}"),
            Text.Table(heading).Select(row => $"{row[0]}: {row[1]}"));
}
