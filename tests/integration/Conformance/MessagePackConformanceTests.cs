using System.Text.Json.Nodes;
using RelayServer.Protocol;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.IntegrationTests.Conformance;

/// <summary>The codec and two implementations that share nothing with it read one another's bytes.</summary>
public sealed class MessagePackConformanceTests
{
    private const int RandomValues = 400;
    private readonly int _seed = unchecked((int)TestSeed.Choose());

    public static TheoryData<string> Peers => ["python", "node"];

    public static TheoryData<string, string> PeersAndEncodings =>
        new() { { "python", "encode" }, { "node", "encode" }, { "node", "encode-wide" } };

    [Theory]
    [MemberData(nameof(Peers))]
    public async Task Decode_WhatOurWriterWrote_IsTheSameValue(string peer)
    {
        object?[] values = [.. RandomValuesOf(tree => tree.OfTheProtocol())];
        string[] read = await MessagePackPeer.Of(peer).AskAsync("decode", [.. values.Select(HexOf)]);
        Assert.Equal(values.Select(ConformanceTree.ToTagged), read);
    }

    [Theory]
    [MemberData(nameof(PeersAndEncodings))]
    public async Task Encode_ReadByOurReader_IsTheSameValue(string peer, string encoding)
    {
        object?[] values = [.. RandomValuesOf(tree => tree.OfTheProtocol())];
        string[] written = await MessagePackPeer.Of(peer).AskAsync(encoding, [.. values.Select(ConformanceTree.ToTagged)]);
        Assert.All(values.Zip(written), pair =>
        {
            byte[] bytes = Convert.FromHexString(pair.Second);
            var reader = new MessagePackReader(bytes);
            object? read = ConformanceTree.Read(ref reader, bytes);
            Assert.Equal(DecodeStatus.Ok, reader.Finish());
            Assert.Equal(ConformanceTree.ToTagged(pair.First), ConformanceTree.ToTagged(read));
        });
    }

    [Theory]
    [MemberData(nameof(PeersAndEncodings))]
    public async Task Encode_ValuesOfEveryKind_ArePassedOverToTheirEnd(string peer, string encoding)
    {
        object?[] values = [.. RandomValuesOf(tree => tree.OfAnyKind())];
        string[] written = await MessagePackPeer.Of(peer).AskAsync(encoding, [.. values.Select(ConformanceTree.ToTagged)]);
        Assert.All(written, hex =>
        {
            byte[] bytes = Convert.FromHexString(hex);
            var reader = new MessagePackReader(bytes);
            reader.Skip(1);
            Assert.Equal(DecodeStatus.Ok, reader.Finish());
        });
    }

    [Theory]
    [MemberData(nameof(PeersAndEncodings))]
    public async Task Encode_BodiesOfEveryFrameAtItsLimits_AreDecodedAsOurs(string peer, string encoding)
    {
        (SchemaBody Kind, string Path, object?[] Body, DecodeStatus Status)[] cases = [.. Schema.Instance.Bodies
            .SelectMany(kind => SchemaCases.Of(kind.Fields).Select(one => (kind, one.Path, one.Body, one.Status)))];
        string[] written = await MessagePackPeer.Of(peer).AskAsync(encoding, [.. cases.Select(one => ConformanceTree.ToTagged(one.Body))]);
        Assert.All(cases.Zip(written), pair =>
        {
            byte[] theirs = Convert.FromHexString(pair.Second);
            FrameType type = pair.First.Kind.Type;
            DecodeStatus status = BodyToJson.Decode(type, theirs, out JsonObject? fields);
            Assert.Equal((pair.First.Path, pair.First.Status), (pair.First.Path, status));
            if (status == DecodeStatus.Ok)
            {
                BodyToJson.Decode(type, MessagePackTree.Encode(pair.First.Body), out JsonObject? ours);
                Assert.Equal(ours!.ToJsonString(), fields!.ToJsonString());
            }
        });
    }

    [Theory]
    [MemberData(nameof(Peers))]
    public async Task Decode_BodyOfEveryVector_EncodesToTheSameFields(string peer)
    {
        // There and back: our bytes, their value, their bytes, our fields.
        Vector[] vectors = [.. VectorFile.Frames.All.Where(vector => !vector.Body.IsEmpty)];
        MessagePackPeer other = MessagePackPeer.Of(peer);
        string[] values = await other.AskAsync("decode", [.. vectors.Select(vector => Convert.ToHexStringLower(vector.Body))]);
        string[] written = await other.AskAsync("encode", values);
        Assert.All(vectors.Zip(written), pair =>
        {
            Assert.Equal(DecodeStatus.Ok, BodyToJson.Decode(pair.First.Type, Convert.FromHexString(pair.Second), out JsonObject? fields));
            Assert.Equal(pair.First.Json["body"]!.ToJsonString(), fields!.ToJsonString());
        });
    }

    [Fact]
    public async Task Vectors_GeneratedAnew_AreTheFilesInTheRepository()
    {
        MessagePackPeer.Of("python");
        string script = ProtocolFolder.PathOf("protocol/vectors/generate.py");
        (int exitCode, _, string errors) = await MessagePackPeer.RunAsync("/usr/bin/python3", [script, "--check"], []);
        Assert.True(exitCode == 0, errors);
    }

    private IEnumerable<object?> RandomValuesOf(Func<RandomTree, object?> next)
    {
        var tree = new RandomTree(_seed);
        return Enumerable.Range(0, RandomValues).Select(_ => next(tree));
    }

    private static string HexOf(object? value) => Convert.ToHexStringLower(MessagePackTree.Encode(value));
}
