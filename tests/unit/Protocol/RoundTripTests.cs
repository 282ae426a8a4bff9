using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using RelayServer.Protocol;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Protocol;

/// <summary>What an encoder writes, the decoder reads, and the encoder writes the same again.</summary>
public sealed class RoundTripTests
{
    private const int BodiesPerFrame = 1000;

    public static TheoryData<string> NamesWithBody => SchemaTests.NamesWithBody;

    [Theory]
    [MemberData(nameof(NamesWithBody))]
    public void TryEncode_DecodedRandomBody_GivesTheSameBytes(string name)
    {
        SchemaBody kind = Schema.Instance[name];
        Check.One(Settings(), Prop.ForAll(SchemaGen.Bodies(kind), body =>
        {
            byte[] bytes = MessagePackTree.Encode(body);
            Assert.Equal(DecodeStatus.Ok, BodyToJson.Decode(kind.Type, bytes, out JsonObject? fields));
            var again = new byte[bytes.Length];
            Assert.True(BodyFromJson.TryEncode(kind.Type, fields, again, out int writtenBytes));
            Assert.Equal(Convert.ToHexStringLower(bytes), Convert.ToHexStringLower(again.AsSpan(0, writtenBytes)));
        }));
    }

    [Fact]
    public void TryRead_WrittenRandomHeader_IsTheSame()
    {
        Gen<FrameHeader> headers =
            from bodyBytes in ArbMap.Default.GeneratorFor<uint>()
            from type in Gen.Choose(0, 255)
            from flags in Gen.Choose(0, 255)
            from correlation in ArbMap.Default.GeneratorFor<uint>()
            select new FrameHeader(bodyBytes, (FrameType)type, (FrameFlags)flags, correlation);
        var bytes = new byte[FrameHeader.SizeBytes];
        Check.One(Settings(), Prop.ForAll(headers.ToArbitrary(), header =>
        {
            header.Write(bytes);
            return FrameHeader.TryRead(bytes, out FrameHeader read) && read == header;
        }));
    }

    private static Config Settings()
    {
        ulong seed = TestSeed.Choose();
        var replay = new Replay(new Rnd(seed, seed | 1), FSharpOption<int>.None);
        return Config.QuickThrowOnFailure.WithMaxTest(BodiesPerFrame).WithReplay(FSharpOption<Replay>.Some(replay)).WithQuietOnSuccess(true);
    }
}
