using RelayServer.Edge.Transport;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>A page of a log on its way to several members: each entry becomes a frame once, when the first needs it.</summary>
internal sealed class SharedPage(EdgeRoom room, LogPage page) : IDisposable
{
    private readonly SharedFrame?[] _frames = new SharedFrame?[page.Entries.Count];

    public IReadOnlyList<LogEntry> Entries => page.Entries;

    /// <summary>The envelope of the first entry; false when there is none, or none that can be read.</summary>
    public bool TryFirst(out DeliverBody first)
    {
        first = default;
        return page.Entries.Count > 0 && DeliverBody.TryDecodeEnvelope(page.Entries[0].Body.Span, out first) == DecodeStatus.Ok;
    }

    /// <summary>The DELIVER of an entry; the caller owns the reference.</summary>
    public SharedFrame FrameOf(int index) =>
        (_frames[index] ??= Create(page.Entries[index].Body.Span)).AddReference();

    private SharedFrame Create(ReadOnlySpan<byte> body)
    {
        byte[]? rewritten = Deletions.Rewrite(room, body);
        return SharedFrame.Create(FrameType.Deliver, FrameFlags.None, 0, rewritten is null ? body : rewritten);
    }

    public void Dispose()
    {
        foreach (SharedFrame? frame in _frames)
        {
            frame?.Release();
        }
    }
}
