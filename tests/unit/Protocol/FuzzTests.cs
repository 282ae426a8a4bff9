using System.Buffers;
using System.Globalization;
using RelayServer.Protocol;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Protocol;

/// <summary>
/// Ten million mutated frames at everything that reads bytes of a peer: no exception, no allocation, and what is
/// accepted has one canonical form. <c>RELAY_FUZZ_INPUTS</c> asks for more.
/// </summary>
public sealed class FuzzTests
{
    private const int DefaultInputs = 10_000_000;
    private const int WarmUpInputs = 200_000;
    private const uint BodyBytesMax = ProtocolLimits.HandshakeFrameBytesMax;

    private readonly Segment _first = new(ReadOnlyMemory<byte>.Empty);
    private readonly Segment _last;
    private readonly byte[] _once = new byte[FuzzInputs.InputBytesMax];
    private readonly byte[] _twice = new byte[FuzzInputs.InputBytesMax];
    private readonly byte[] _contiguous = new byte[FuzzInputs.InputBytesMax];

    public FuzzTests() => _last = _first.Append(ReadOnlyMemory<byte>.Empty);

    [Fact]
    [Trait("Must", "R-BODY-7")]
    public void Decoders_MutatedFrames_NeitherThrowNorAllocate()
    {
        long inputs = Environment.GetEnvironmentVariable("RELAY_FUZZ_INPUTS") is { } given
            ? long.Parse(given, CultureInfo.InvariantCulture) : DefaultInputs;
        ulong seed = TestSeed.Choose();
        var source = new FuzzInputs(seed);
        Run(source, WarmUpInputs, seed);

        // Empties this thread's allocation context: a later collection would count what is left in it as allocated.
        GC.Collect();
        long before = GC.GetAllocatedBytesForCurrentThread();
        (long complete, long accepted) = Run(source, inputs, seed);
        long allocatedBytes = GC.GetAllocatedBytesForCurrentThread() - before;

        TestContext.Current.TestOutputHelper?.WriteLine($"{inputs} inputs: {complete} whole frames, {accepted} bodies accepted");
        Assert.Equal(0, allocatedBytes);
        Assert.InRange(complete, inputs / 10, inputs);
        Assert.InRange(accepted, inputs / 20, inputs);
    }

    private (long Complete, long Accepted) Run(FuzzInputs source, long inputs, ulong seed)
    {
        long complete = 0, accepted = 0;
        for (long i = 0; i < inputs; i++)
        {
            source.MoveNext();
            try
            {
                accepted += TryBody(source) ? 1 : 0;
                complete += TryStream(source) ? 1 : 0;
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException(
                    $"seed {seed}, input {i}: {Convert.ToHexStringLower(source.Input.Span)}", failure);
            }
        }

        return (complete, accepted);
    }

    private bool TryBody(FuzzInputs source)
    {
        ReadOnlySpan<byte> input = source.Input.Span;
        ReadOnlySpan<byte> body = input.Length > FrameHeader.SizeBytes ? input[FrameHeader.SizeBytes..] : input;
        FrameType type = input.Length > FrameHeader.SizeBytes && source.Below(8) != 0
            ? (FrameType)input[4] : BodyDecoder.Types[source.Below(BodyDecoder.Types.Count)];

        var reader = new MessagePackReader(body);
        reader.Skip(1 + source.Below(3), source.Below(ProtocolLimits.DepthMax));
        Ensure(reader.Offset <= body.Length);

        BodyDecoder.Walk(type, body);
        if (BodyDecoder.Decode(type, body) != DecodeStatus.Ok)
        {
            Ensure(!BodyDecoder.TryReencode(type, body, _once, out _) || body.IsEmpty);
            return false;
        }

        if (!BodyDecoder.TryReencode(type, body, _once, out int onceBytes))
        {
            // Only another magic, and an answer of no known kind, is readable and cannot be written.
            Ensure(type is FrameType.Hello or FrameType.Answer);
            return true;
        }

        // A canonical form is never longer, and is its own canonical form.
        Ensure(onceBytes <= body.Length);
        Ensure(BodyDecoder.TryReencode(type, _once.AsSpan(0, onceBytes), _twice, out int twiceBytes));
        Ensure(_once.AsSpan(0, onceBytes).SequenceEqual(_twice.AsSpan(0, twiceBytes)));
        return true;
    }

    private bool TryStream(FuzzInputs source)
    {
        ReadOnlyMemory<byte> input = source.Input;
        int at = source.Below(input.Length + 1);
        _first.Set(input[..at], input[at..]);
        var buffer = new ReadOnlySequence<byte>(_first, 0, _last, _last.Memory.Length);
        FrameReadStatus status = FrameReader.TryRead(ref buffer, BodyBytesMax, out FrameHeader header, out ReadOnlySequence<byte> body);
        if (status != FrameReadStatus.Complete)
        {
            Ensure(buffer.Length == input.Length);
            return false;
        }

        Ensure(body.Length == header.BodyBytes && body.Length <= BodyBytesMax);
        Ensure(buffer.Length == input.Length - FrameHeader.SizeBytes - body.Length);
        body.CopyTo(_contiguous);
        BodyDecoder.Decode(header.Type, _contiguous.AsSpan(0, (int)body.Length));
        return true;
    }

    private static void Ensure(bool holds)
    {
        if (!holds)
        {
            throw new InvalidOperationException("a property of the codec does not hold");
        }
    }
}
