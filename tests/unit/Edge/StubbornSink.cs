using RelayServer.Edge.Transport;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Edge;

/// <summary>A connection that takes as many bytes as the test says.</summary>
internal sealed class StubbornSink : IOutboundSink
{
    private readonly List<byte> _taken = [];
    private TaskCompletionSource<int>? _waiting;
    private ReadOnlyMemory<byte> _offered;

    /// <summary>Bytes that it takes at once.</summary>
    public int Room { get; set; }

    public bool IsComplete { get; private set; }

    public bool IsWaitedFor => _waiting is not null;

    public int TakenBytes => _taken.Count;

    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        int taken = Math.Min(Room, bytes.Length);
        Room -= taken;
        _taken.AddRange(bytes[..taken]);
        return taken;
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        _offered = bytes;
        _waiting = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        return new ValueTask<int>(_waiting.Task);
    }

    /// <summary>Room again: the wait ends with what it takes of the offered bytes.</summary>
    public void Give(int room)
    {
        Room = room;
        TaskCompletionSource<int> waiting = _waiting!;
        _waiting = null;
        waiting.SetResult(TrySend(_offered.Span));
    }

    public void Complete() => IsComplete = true;

    public void Abort()
    {
    }

    /// <summary>What went out, which must be whole frames.</summary>
    public List<FrameHeader> Frames()
    {
        var frames = new List<FrameHeader>();
        ReadOnlySpan<byte> rest = _taken.ToArray();
        while (rest.Length > 0)
        {
            Assert.True(rest.Length >= FrameHeader.SizeBytes && FrameHeader.TryRead(rest, out FrameHeader header));
            FrameHeader.TryRead(rest, out header);
            Assert.True(rest.Length >= FrameHeader.SizeBytes + (int)header.BodyBytes, "a frame that is cut");
            frames.Add(header);
            rest = rest[(FrameHeader.SizeBytes + (int)header.BodyBytes)..];
        }

        return frames;
    }
}
