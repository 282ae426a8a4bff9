using System.Threading.Tasks.Sources;
using RelayServer.Edge.Transport;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Edge;

/// <summary>
/// A connection that takes as many bytes as the test says. Whoever waits for it goes on before <see cref="Give"/> returns, so
/// that no frame is on its way when the test is over.
/// </summary>
internal sealed class StubbornSink : IOutboundSink, IValueTaskSource<int>
{
    private readonly List<byte> _taken = [];
    private ManualResetValueTaskSourceCore<int> _sent;
    private ReadOnlyMemory<byte> _offered;

    /// <summary>Bytes that it takes at once.</summary>
    public int Room { get; set; }

    public bool IsComplete { get; private set; }

    public bool IsWaitedFor { get; private set; }

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
        _sent.Reset();
        IsWaitedFor = true;
        return new ValueTask<int>(this, _sent.Version);
    }

    /// <summary>Room again: the wait ends with what it takes of the offered bytes.</summary>
    public void Give(int room)
    {
        Room = room;
        Assert.True(IsWaitedFor);
        IsWaitedFor = false;
        _sent.SetResult(TrySend(_offered.Span));
    }

    public int GetResult(short token) => _sent.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _sent.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _sent.OnCompleted(continuation, state, token, flags);

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
