using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using RelayServer.Edge.Fanout;
using RelayServer.Edge.Hosting;
using RelayServer.Edge.Transport;
using RelayServer.Fabric;
using RelayServer.Identity;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Sessions;

/// <summary>Runs one connection from accept to end: handshake, then cutting frames for the loop. One pending read when idle.</summary>
internal sealed class SessionRunner(
    EdgeOptions options, EdgeLoop loop, ITokenValidator tokens, RevocationWatch revocations, TimeProvider time, SteadyClock clock, ILogger logger)
{
    private const int WelcomeBytesMax = 1024;
    private readonly ConnectionGate _gate = new(options, time);
    private readonly int _windowMessages = new PublishRate(options).WindowMessages;
    private ulong _lastSessionId;

    public int Connections => _gate.Connections;

    public int Handshakes => _gate.Handshakes;

    /// <summary>An id that no other session of this edge has.</summary>
    public ulong NextSessionId() => Interlocked.Increment(ref _lastSessionId);

    /// <summary>Counts a connection before anything else is done for it; a TLS handshake is the work of <paramref name="next"/>.</summary>
    public async Task AdmitAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        using ConnectionPlace place = _gate.Enter();
        if (place.Refusal is not null)
        {
            loop.Counters.CountClose(ErrorCode.TooManyConnections);
            if (place.MustCut && options.TlsCertificateFile is not null)
            {
                // The CLOSE would need the TLS handshake that there is no room for.
                connection.Abort();
                return;
            }
        }

        connection.Features.Set(place);
        await next(connection);
    }

    public async Task RunAsync(ConnectionContext connection)
    {
        ConnectionPlace place = connection.Features.GetRequiredFeature<ConnectionPlace>();
        IOutboundSink sink = CreateSink(connection);
        try
        {
            if (place.Refusal is not null)
            {
                await EndAsync(connection, sink, ErrorCode.TooManyConnections, place.Refusal, place.MustCut);
                return;
            }

            EdgeSession? session = await WelcomeAsync(connection, sink, place);
            if (session is not null)
            {
                await ReadAsync(connection.Transport.Input, session);
            }
        }
        catch (Exception exception) when (exception is IOException or ConnectionAbortedException or ConnectionResetException or OperationCanceledException)
        {
            // The peer went away: nothing to tell anybody.
        }
    }

    private IOutboundSink CreateSink(ConnectionContext connection)
    {
        var feature = connection.Features.Get<IConnectionSocketFeature>();
        return options.TlsCertificateFile is null && feature is not null
            ? new SocketSink(connection, feature.Socket, options.SocketSendBufferBytes)
            : new PipeSink(connection);
    }

    // A method of its own, so that nothing of the handshake stays with an idle connection.
    private async Task<EdgeSession?> WelcomeAsync(ConnectionContext connection, IOutboundSink sink, ConnectionPlace place)
    {
        HandshakeResult result = await ShakeHandsAsync(connection, _gate.HandshakeTimeLeft(place));
        if (result.Token is not { } token)
        {
            EdgeLog.HandshakeFailed(logger, connection.ConnectionId, result.Code, result.Problem);
            loop.Counters.CountClose(result.Code);
            await EndAsync(connection, sink, result.Code, result.Problem);
            return null;
        }

        place.Welcomed();
        ulong id = NextSessionId();
        FanoutShard shard = loop.ShardOf(id);
        var session = new EdgeSession(id, Encoding.UTF8.GetBytes(token.UserId))
        {
            Output = new SessionOutput(sink, shard, options.OutboundBytesMax),
            Inbox = loop.CreateInbox(),
            Capabilities = Agreed(result.Capabilities),
            Role = (Role)token.Role,
            Service = Encoding.UTF8.GetBytes(token.Service ?? string.Empty),
            Consents = token.Consents?.ToHashSet(StringComparer.Ordinal),
            Address = (connection.RemoteEndPoint as IPEndPoint)?.Address,
            Token = token.Identity,
            ExpiresAtMilliseconds = token.ExpiresAt.ToUnixTimeMilliseconds(),
            ReceivedAtMilliseconds = (long)clock.NowMilliseconds,
        };
        shard.Post(new ShardItem { Kind = ShardItemKind.AddSession, Session = session });
        loop.Post(new EdgeEvent(EdgeEventKind.Opened) { Session = session });
        revocations.Came(session);
        loop.Send(session, Welcome(session));
        return session;
    }

    private async Task<HandshakeResult> ShakeHandsAsync(ConnectionContext connection, TimeSpan timeLeft)
    {
        using var timeout = new CancellationTokenSource(timeLeft, time);
        var handshake = new Handshake();
        PipeReader input = connection.Transport.Input;
        while (!handshake.IsOver)
        {
            ReadResult read;
            try
            {
                read = await input.ReadAsync(timeout.Token);
            }
            catch (OperationCanceledException) when (timeout.IsCancellationRequested)
            {
                return HandshakeResult.Failed(ErrorCode.HandshakeTimeout, "HELLO and AUTH did not arrive in time");
            }

            ReadOnlySequence<byte> buffer = read.Buffer;
            handshake.Take(ref buffer);
            input.AdvanceTo(buffer.Start, handshake.IsOver ? buffer.Start : buffer.End);
            if (read.IsCompleted && !handshake.IsOver)
            {
                throw new ConnectionAbortedException();
            }
        }

        if (handshake.Failure is { } failure)
        {
            return HandshakeResult.Failed(failure.Code, failure.Problem);
        }

        if (handshake.Token is null)
        {
            // The client said goodbye.
            throw new ConnectionAbortedException();
        }

        TokenResult token = await tokens.ValidateAsync(handshake.Token);
        return token.Status switch
        {
            TokenStatus.Valid => new HandshakeResult(ErrorCode.None, string.Empty, token, handshake.Capabilities),
            TokenStatus.Expired => HandshakeResult.Failed(ErrorCode.TokenExpired, "the token has expired; get a new one"),
            TokenStatus.Revoked => HandshakeResult.Failed(ErrorCode.TokenRevoked, "the token was revoked; sign in again"),
            _ => HandshakeResult.Failed(ErrorCode.TokenInvalid, "the token is not accepted; get a new one"),
        };
    }

    // Services are of rooms: whoever does not know those does not know what services say there.
    private static Capabilities Agreed(Capabilities offered) =>
        offered.HasFlag(Capabilities.Rooms) ? offered : offered & ~Capabilities.Services;

    private SharedFrame Welcome(EdgeSession session)
    {
        Span<byte> body = stackalloc byte[WelcomeBytesMax];
        new WelcomeBody
        {
            Version = ProtocolLimits.Version,
            Capabilities = session.Capabilities,
            Server = Encoding.UTF8.GetBytes(options.Name ?? EdgeOptions.NameDefault),
            SessionId = session.Id,
            UserId = session.UserId,
            HeartbeatMilliseconds = (uint)options.HeartbeatMilliseconds,
            IdleTimeoutMilliseconds = (uint)options.IdleTimeoutMilliseconds,
            ClientFrameBytesMax = (uint)options.ClientFrameBytesMax,
            ServerFrameBytesMax = ProtocolLimits.ServerFrameBytesMax,
            PayloadBytesMax = (uint)options.PayloadBytesMax,
            ChannelsMax = (uint)options.ChannelsPerSessionMax,
            PublishWindowMessages = (uint)_windowMessages,
        }.TryEncode(body, out int bytes);
        return SharedFrame.Create(FrameType.Welcome, FrameFlags.None, 0, body[..bytes]);
    }

    private async Task ReadAsync(PipeReader input, EdgeSession session)
    {
        try
        {
            bool isViolated = false;
            while (true)
            {
                ReadResult read = await input.ReadAsync();
                session.ReceivedAtMilliseconds = (long)clock.NowMilliseconds;
                ReadOnlySequence<byte> rest = read.Buffer;
                ReadOnlySequence<byte> frames = default;
                int count = 0;
                if (isViolated)
                {
                    // Only here to let the CLOSE arrive: what comes in is thrown away.
                    rest = rest.Slice(rest.End);
                }
                else if (!TryCut(read.Buffer, out frames, out count, out rest, out ErrorCode violation))
                {
                    isViolated = true;
                    loop.Counters.CountClose(violation);
                    loop.Close(session, violation, violation == ErrorCode.FrameTooLarge
                        ? "a frame is above the limit told in WELCOME"u8
                        : "the reserved bytes of a header are not zero"u8);
                }

                if (!frames.IsEmpty)
                {
                    // While the inbox or the session's part of it is full nothing more is read.
                    int budgetBytes = (int)frames.Length + (count * InboxBudget.FrameOverheadBytes);
                    await session.Inbox!.TakeAsync(budgetBytes, CancellationToken.None);
                    loop.PostFrames(session, frames, budgetBytes);
                }

                input.AdvanceTo(rest.Start, read.Buffer.End);
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }
        finally
        {
            loop.Post(new EdgeEvent(EdgeEventKind.Closed) { Session = session });
            session.Output!.Shard.Post(new ShardItem { Kind = ShardItemKind.RemoveSession, Session = session });
        }
    }

    // The whole frames at the front; false when what follows them breaks the protocol.
    private bool TryCut(
        in ReadOnlySequence<byte> buffer,
        out ReadOnlySequence<byte> frames,
        out int count,
        out ReadOnlySequence<byte> rest,
        out ErrorCode violation)
    {
        count = -1;
        rest = buffer;
        violation = ErrorCode.None;
        FrameReadStatus status;
        do
        {
            count++;
            status = FrameReader.TryRead(ref rest, (uint)options.ClientFrameBytesMax, out _, out _);
        }
        while (status == FrameReadStatus.Complete);

        frames = buffer.Slice(0, rest.Start);
        if (status == FrameReadStatus.Incomplete)
        {
            return true;
        }

        violation = status == FrameReadStatus.TooLarge ? ErrorCode.FrameTooLarge : ErrorCode.BadMagic;
        rest = buffer.Slice(buffer.End);
        return false;
    }

    // A last word to a connection that never became a session.
    private static async Task EndAsync(
        ConnectionContext connection, IOutboundSink sink, ErrorCode code, string problem, bool mustCut = false)
    {
        SharedFrame close = ServerFrames.Close(code, Encoding.UTF8.GetBytes(problem));
        sink.TrySend(close.Span);
        close.Release();
        sink.Complete();
        if (mustCut)
        {
            return;
        }

        // Reads what the client has sent already: closing on unread bytes would reset the connection and eat the CLOSE.
        using var grace = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        PipeReader input = connection.Transport.Input;
        while (true)
        {
            ReadResult read = await input.ReadAsync(grace.Token);
            input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }
}
