using System.Buffers;
using System.Text;
using RelayServer.Edge.Fanout;
using RelayServer.Edge.Hosting;
using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Admin;

/// <summary>
/// A session like any other, but for the connection: its frames go the way of a client's. No shard lists it, so it has no
/// heartbeats and is not idle.
/// </summary>
internal sealed class LoopSession : IOperatorSession
{
    private readonly EdgeLoop _loop;
    private readonly EdgeSession _session;

    public LoopSession(EdgeLoop loop, ulong id, string user, IOutboundSink sink, int outboundBytesMax)
    {
        _loop = loop;
        _session = new EdgeSession(id, Encoding.UTF8.GetBytes(user))
        {
            Output = new SessionOutput(sink, loop.ShardOf(id), outboundBytesMax),
            Inbox = loop.CreateInbox(),
            Capabilities = Capabilities.Rooms | Capabilities.Services,
            Role = Role.Operator,
        };
        loop.Post(new EdgeEvent(EdgeEventKind.Opened) { Session = _session });
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        int budgetBytes = frame.Length + InboxBudget.FrameOverheadBytes;
        await _session.Inbox!.TakeAsync(budgetBytes, cancellationToken);
        _loop.PostFrames(_session, new ReadOnlySequence<byte>(frame), budgetBytes);
    }

    public void Dispose()
    {
        _loop.Post(new EdgeEvent(EdgeEventKind.Closed) { Session = _session });
        _session.Output!.Shard.Post(new ShardItem { Kind = ShardItemKind.RemoveSession, Session = _session });
    }
}
