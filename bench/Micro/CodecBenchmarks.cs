using System.Buffers;
using BenchmarkDotNet.Attributes;
using RelayServer.Protocol;

namespace RelayServer.Bench.Micro;

/// <summary>What every frame goes through: header, PUBLISH in, DELIVER out.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private readonly byte[] _header = new byte[FrameHeader.SizeBytes];
    private readonly byte[] _payload = MessageSamples.Payload();
    private readonly byte[] _publish = MessageSamples.Publish();
    private readonly byte[] _deliver = MessageSamples.Deliver();
    private readonly byte[] _destination = new byte[1024];
    private readonly ReadOnlySequence<byte> _received;

    /// <summary>Encodes the samples.</summary>
    public CodecBenchmarks()
    {
        byte[] frame = new byte[FrameHeader.SizeBytes + _publish.Length];
        new FrameHeader((uint)_publish.Length, FrameType.Publish, FrameFlags.AckWanted, 0).Write(frame);
        _publish.CopyTo(frame, FrameHeader.SizeBytes);
        _received = new ReadOnlySequence<byte>(frame);
        new FrameHeader((uint)_publish.Length, FrameType.Publish, FrameFlags.AckWanted, 42).Write(_header);
    }

    /// <summary>Writes a header.</summary>
    [Benchmark]
    public int HeaderWrite()
    {
        new FrameHeader(128, FrameType.Deliver, FrameFlags.None, 42).Write(_destination);
        return _destination[3];
    }

    /// <summary>Reads a header.</summary>
    [Benchmark]
    public uint HeaderRead() => FrameHeader.TryRead(_header, out FrameHeader header) ? header.Correlation : 0;

    /// <summary>Cuts one frame out of what a socket received.</summary>
    [Benchmark]
    public long FrameCut()
    {
        ReadOnlySequence<byte> buffer = _received;
        FrameReader.TryRead(ref buffer, ProtocolLimits.ClientFrameBytesMax, out _, out ReadOnlySequence<byte> body);
        return body.Length;
    }

    /// <summary>Encodes a PUBLISH of 128 bytes.</summary>
    [Benchmark]
    public int PublishEncode128()
    {
        var body = new PublishBody
        {
            Channel = MessageSamples.Channel,
            ProducerId = 0x1234_5678_9ABC_DEF0,
            Number = 1_000_000,
            Kind = MessageKind.Data,
            Payload = _payload,
        };
        _ = body.TryEncode(_destination, out int written);
        return written;
    }

    /// <summary>Decodes a PUBLISH of 128 bytes.</summary>
    [Benchmark]
    public int PublishDecode128()
    {
        DecodeStatus status = PublishBody.TryDecode(_publish, out PublishBody body);
        return body.Payload.Length + (int)status;
    }

    /// <summary>Decodes the part of a DELIVER that an edge needs to place and forward it.</summary>
    [Benchmark]
    public int DeliverEnvelopeDecode()
    {
        _ = DeliverBody.TryDecodeEnvelope(_deliver, out DeliverBody body);
        return body.Count;
    }

    /// <summary>Walks a batch of 64 messages of 128 bytes, without checking it first.</summary>
    [Benchmark]
    public int DeliverWalk64()
    {
        _ = DeliverBody.TryDecodeEnvelope(_deliver, out DeliverBody body);
        int bytes = 0;
        foreach (DeliverMessage message in body)
        {
            bytes += message.Payload.Length;
        }

        return bytes;
    }
}
