using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using RelayServer.Protocol;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Protocol;

/// <summary>Payloads with a shape of their own: every vector, every limit of the schema, and random ones there and back.</summary>
public sealed class PayloadTests
{
    private const int PayloadsPerKind = 1000;

    public static TheoryData<string> ValidNames => [.. PayloadVector.All.Where(vector => !vector.IsMalformed).Select(vector => vector.Name)];

    public static TheoryData<string> MalformedNames => [.. PayloadVector.All.Where(vector => vector.IsMalformed).Select(vector => vector.Name)];

    public static TheoryData<string> Kinds => [.. Schema.Instance.Payloads.Select(payload => payload.Name)];

    [Theory]
    [MemberData(nameof(ValidNames))]
    [Trait("Must", "R-BODY-1")]
    public void TryDecode_ValidVector_GivesTheFieldsOfTheVector(string name)
    {
        PayloadVector vector = PayloadVector.Named(name);
        Assert.Equal(DecodeStatus.Ok, PayloadCodec.Decode(vector.Kind, vector.Bytes, out JsonObject fields));
        Assert.Equal(vector.Json["fields"]!.ToJsonString(), fields.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(ValidNames))]
    public void TryEncode_FieldsOfTheVector_GivesItsBytes(string name)
    {
        PayloadVector vector = PayloadVector.Named(name);
        byte[] expected = vector.Reencoded;
        var payload = new byte[expected.Length];
        Assert.True(PayloadCodec.TryEncode(vector.Kind, vector.Json["fields"]!.AsObject(), payload, out int writtenBytes));
        Assert.Equal(Convert.ToHexStringLower(expected), Convert.ToHexStringLower(payload.AsSpan(0, writtenBytes)));
        Assert.False(PayloadCodec.TryEncode(vector.Kind, vector.Json["fields"]!.AsObject(), payload.AsSpan(1), out _));
    }

    [Theory]
    [MemberData(nameof(ValidNames))]
    [Trait("Must", "R-BODY-3")]
    public void TryDecode_EveryPrefixAndGarbageBehind_IsMalformed(string name)
    {
        PayloadVector vector = PayloadVector.Named(name);
        for (int length = 0; length < vector.Bytes.Length; length++)
        {
            Assert.NotEqual(DecodeStatus.Ok, PayloadCodec.Decode(vector.Kind, vector.Bytes.AsSpan(0, length)));
        }

        Assert.Equal(DecodeStatus.TrailingBytes, PayloadCodec.Decode(vector.Kind, (byte[])[.. vector.Bytes, 0xde, 0xad]));
    }

    [Theory]
    [MemberData(nameof(MalformedNames))]
    [Trait("Must", "R-BODY-2")]
    [Trait("Must", "R-BODY-6")]
    public void TryDecode_MalformedVector_GivesItsStatus(string name)
    {
        PayloadVector vector = PayloadVector.Named(name);
        Assert.Equal(vector.Json["status"]!.GetValue<string>(), PayloadCodec.Decode(vector.Kind, vector.Bytes).ToString());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("Must", "R-LIMIT-1")]
    public void TryDecode_EveryFieldAtAndBeyondItsLimits_FollowsTheSchema(string name)
    {
        SchemaPayload kind = Schema.Instance.Payloads.Single(payload => payload.Name == name);
        var wrong = new List<string>();
        foreach ((string path, object?[] payload, DecodeStatus expected) in SchemaCases.Of(kind.Fields))
        {
            DecodeStatus status = PayloadCodec.Decode(kind.Kind, MessagePackTree.Encode(payload));
            if (status != expected)
            {
                wrong.Add($"{name} {path}: {status}, not {expected}");
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TryEncode_DecodedRandomPayload_GivesTheSameBytes(string name)
    {
        SchemaPayload kind = Schema.Instance.Payloads.Single(payload => payload.Name == name);
        ulong seed = TestSeed.Choose();
        Config settings = Config.QuickThrowOnFailure.WithMaxTest(PayloadsPerKind).WithQuietOnSuccess(true)
            .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(seed, seed | 1), FSharpOption<int>.None)));
        Check.One(settings, Prop.ForAll(SchemaGen.Payloads(kind), payload =>
        {
            byte[] bytes = MessagePackTree.Encode(payload);
            Assert.Equal(DecodeStatus.Ok, PayloadCodec.Decode(kind.Kind, bytes, out JsonObject fields));
            Assert.Equal(kind.Fields.Select(field => field.Name), fields.Select(field => field.Key));
            var again = new byte[bytes.Length];
            Assert.True(PayloadCodec.TryEncode(kind.Kind, fields, again, out int writtenBytes));
            Assert.Equal(Convert.ToHexStringLower(bytes), Convert.ToHexStringLower(again.AsSpan(0, writtenBytes)));
        }));
    }

    [Theory]
    [InlineData("91")]
    [InlineData("81c0")]
    [InlineData("9f")]
    [InlineData("ddffffffff")]
    [InlineData("dbffffffff")]
    [Trait("Must", "R-BODY-7")]
    [Trait("Must", "R-BODY-8")]
    public void TryDecode_WholePayloadOfBombs_IsMalformed(string hex)
    {
        byte[] bomb = [.. Enumerable.Repeat(Convert.FromHexString(hex), 4000).SelectMany(bytes => bytes)];
        Assert.All(Schema.Instance.Payloads, payload => Assert.NotEqual(DecodeStatus.Ok, PayloadCodec.Decode(payload.Kind, bomb)));
    }

    [Fact]
    public void Payloads_OfTheSchema_HaveValidAndMalformedVectors() =>
        Assert.All(Schema.Instance.Payloads, payload =>
        {
            Assert.Contains(PayloadVector.All, vector => vector.Kind == payload.Kind && !vector.IsMalformed);
            Assert.Contains(PayloadVector.All, vector => vector.Kind == payload.Kind && vector.IsMalformed);
        });

    // What the log and the members get is what the vectors of payloads say.
    [Theory]
    [InlineData("deliver-update", "update")]
    [InlineData("deliver-result", "result")]
    [InlineData("deliver-subscription", "subscription-ends-soon")]
    public void TryDecode_DeliverOfThatKind_HasThePayloadOfTheVector(string frame, string payload)
    {
        Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(VectorFile.Frames[frame].Body, out DeliverBody body));
        foreach (DeliverMessage message in body)
        {
            Assert.Equal(PayloadVector.Named(payload).Kind, message.Kind);
            Assert.Equal(PayloadVector.Named(payload).Bytes, message.Payload.ToArray());
        }
    }
}
