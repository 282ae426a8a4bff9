using RelayServer.Protocol;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Protocol;

/// <summary>The schema says what the codec does: every limit of every field, from both sides.</summary>
public sealed class SchemaTests
{
    public static TheoryData<string> NamesWithBody =>
        [.. Schema.Instance.Bodies.Select(body => body.Name)];

    [Theory]
    [MemberData(nameof(NamesWithBody))]
    [Trait("Must", "R-BODY-1")]
    [Trait("Must", "R-BODY-2")]
    [Trait("Must", "R-BODY-6")]
    [Trait("Must", "R-LIMIT-1")]
    public void TryDecode_EveryFieldAtAndBeyondItsLimits_FollowsTheSchema(string name)
    {
        SchemaBody kind = Schema.Instance[name];
        var wrong = new List<string>();
        int cases = 0;
        foreach ((string path, object?[] body, DecodeStatus expected) in SchemaCases.Of(kind.Fields))
        {
            cases++;
            DecodeStatus status = BodyDecoder.Decode(kind.Type, MessagePackTree.Encode(body));
            if (status != expected)
            {
                wrong.Add($"{name} {path}: {status}, not {expected}");
            }
        }

        Assert.Empty(wrong);
        Assert.True(cases > 5 * kind.Fields.Count, $"only {cases} cases");
    }

    [Theory]
    [MemberData(nameof(NamesWithBody))]
    public void TryDecode_SmallestBody_HasTheFieldsOfTheSchemaInItsOrder(string name)
    {
        SchemaBody kind = Schema.Instance[name];
        byte[] body = MessagePackTree.Encode(SchemaCases.Smallest(kind.Fields));
        Assert.Equal(DecodeStatus.Ok, BodyToJson.Decode(kind.Type, body, out System.Text.Json.Nodes.JsonObject? fields));
        Assert.Equal(kind.Fields.Where(field => !field.Optional).Select(field => field.Name), fields!.Select(field => field.Key));
    }

    [Fact]
    public void Frames_OfTheSchema_AreTheFrameTypes() =>
        Assert.Equal(
            Enum.GetValues<FrameType>().Order(), Schema.Instance.Frames.Select(frame => frame.Type).Order());

    [Fact]
    public void Frames_NamesAndNumbers_Agree() =>
        Assert.All(Schema.Instance.Frames, frame => Assert.Equal(frame.Type, FrameNames.Parse(frame.Name)));

    [Fact]
    public void Flags_OfTheSchema_AreTheFrameFlags() =>
        Assert.Equal(
            Enum.GetValues<FrameFlags>().Where(flag => flag != FrameFlags.None),
            Schema.Instance.Json["flags"]!.AsObject().Select(flag =>
            {
                FrameFlags named = FrameNames.ParseFlags([flag.Key]);
                Assert.Equal((byte)named, flag.Value!.GetValue<byte>());
                return named;
            }));
}
