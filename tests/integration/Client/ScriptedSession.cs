using System.Net.Sockets;
using System.Text;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Client;

/// <summary>The edge's end of one connection: reads the client's frames one by one and writes what the test says.</summary>
internal sealed class ScriptedSession(Socket socket) : IAsyncDisposable
{
    /// <summary>Longest wait for anything that a test expects.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    /// <summary>Write a byte at a time.</summary>
    public bool SplitsEveryByte { get; set; }

    /// <summary>Heartbeats that were read on the way to something else.</summary>
    public int PingsRead { get; private set; }

    public Socket Socket => socket;

    public Stream Stream => _stream;

    /// <summary>Reads HELLO and AUTH; returns the token.</summary>
    public async Task<string> ReadSignInAsync()
    {
        await ExpectAsync(FrameType.Hello);
        return (await ExpectAsync(FrameType.Auth)).Token();
    }

    /// <summary>Reads the next frame, which has to be of a type; PINGs are passed over unless one is expected.</summary>
    public async Task<ScriptedFrame> ExpectAsync(FrameType type)
    {
        while (true)
        {
            ScriptedFrame frame = await ReadAsync() ?? throw new EndOfStreamException($"the client closed; {type} was expected");
            if (frame.Type == FrameType.Ping && type != FrameType.Ping)
            {
                PingsRead++;
                continue;
            }

            Assert.Equal(type, frame.Type);
            return frame;
        }
    }

    /// <summary>Returns once the client has taken in what was sent before, and has sent nothing since: a PING is answered in its turn.</summary>
    public async Task TakenInAsync()
    {
        await SendAsync(FrameType.Ping, []);
        await ExpectAsync(FrameType.Pong);
    }

    /// <summary>Reads publishes.</summary>
    public async Task<List<(string Channel, ulong ProducerId, ulong Number, string Text)>> ExpectPublishesAsync(int count)
    {
        var read = new List<(string, ulong, ulong, string)>();
        while (read.Count < count)
        {
            read.Add((await ExpectAsync(FrameType.Publish)).Publish());
        }

        return read;
    }

    /// <summary>Reads a JOIN and grants it.</summary>
    public async Task<ScriptedFrame> GrantJoinAsync(ulong fromSeq = 0, ulong topSeq = 0)
    {
        ScriptedFrame join = await ExpectAsync(FrameType.Join);
        await JoinedAsync(join, fromSeq, topSeq);
        return join;
    }

    /// <summary>The next frame; null when the client has closed.</summary>
    public async Task<ScriptedFrame?> ReadAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        byte[] head = new byte[FrameHeader.SizeBytes];
        int read = await _stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, deadline.Token);
        if (read == 0)
        {
            return null;
        }

        Assert.True(FrameHeader.TryRead(head, out FrameHeader header));
        byte[] body = new byte[header.BodyBytes];
        await _stream.ReadExactlyAsync(body, deadline.Token);
        return new ScriptedFrame(header, body);
    }

    /// <summary>Reads until the client has closed; returns what it still sent.</summary>
    public async Task<List<ScriptedFrame>> ReadToEndAsync()
    {
        var frames = new List<ScriptedFrame>();
        try
        {
            while (await ReadAsync() is { } frame)
            {
                frames.Add(frame);
            }
        }
        catch (IOException)
        {
            // A reset is an end as well.
        }

        return frames;
    }

    public Task WelcomeAsync(ScriptedWelcome welcome)
    {
        var body = new WelcomeBody
        {
            Version = ProtocolLimits.Version,
            Capabilities = welcome.Capabilities,
            Server = "scripted"u8,
            SessionId = 1,
            UserId = Encoding.UTF8.GetBytes(welcome.UserId),
            HeartbeatMilliseconds = welcome.HeartbeatMilliseconds,
            IdleTimeoutMilliseconds = welcome.IdleTimeoutMilliseconds,
            ClientFrameBytesMax = ProtocolLimits.ClientFrameBytesMax,
            ServerFrameBytesMax = ProtocolLimits.ServerFrameBytesMax,
            PayloadBytesMax = welcome.PayloadBytesMax,
            ChannelsMax = welcome.ChannelsMax,
            PublishWindowMessages = welcome.PublishWindowMessages,
        };
        byte[] bytes = new byte[1024];
        Assert.True(body.TryEncode(bytes, out int bodyBytes));
        return SendAsync(FrameType.Welcome, bytes[..bodyBytes]);
    }

    public Task JoinedAsync(ScriptedFrame join, ulong fromSeq, ulong topSeq)
    {
        var body = new JoinedBody
        {
            Channel = Encoding.UTF8.GetBytes(join.Join().Channel),
            From = At(fromSeq),
            Top = At(topSeq),
        };
        byte[] bytes = new byte[512];
        Assert.True(body.TryEncode(bytes, out int bodyBytes));
        return SendAsync(FrameType.Joined, bytes[..bodyBytes], correlation: join.Header.Correlation);
    }

    public Task LeftAsync(string channel, uint correlation)
    {
        byte[] bytes = new byte[512];
        Assert.True(new ChannelBody { Channel = Encoding.UTF8.GetBytes(channel) }.TryEncode(bytes, out int bodyBytes));
        return SendAsync(FrameType.Left, bytes[..bodyBytes], correlation: correlation);
    }

    public Task DeliverAsync(string channel, ulong firstSeq, params string[] texts) =>
        DeliverKindsAsync(channel, firstSeq, [.. texts.Select(text => (MessageKind.Text, text))]);

    public Task DeliverKindsAsync(string channel, ulong firstSeq, params (MessageKind Kind, string Text)[] messages) =>
        SendAsync(
            FrameType.Deliver,
            ScriptedBodies.Deliver(channel, At(firstSeq), producerId: 7, messages),
            firstSeq == 0 ? FrameFlags.Ephemeral : FrameFlags.None);

    public Task VoidAsync(string channel, ulong seq) => SendAsync(FrameType.Deliver, ScriptedBodies.Void(channel, At(seq)));

    public Task GapAsync(string channel, ulong afterSeq, ulong untilSeq, GapReason reason)
    {
        var body = new GapBody { Channel = Encoding.UTF8.GetBytes(channel), After = At(afterSeq), Until = At(untilSeq), Reason = reason };
        byte[] bytes = new byte[512];
        Assert.True(body.TryEncode(bytes, out int bodyBytes));
        return SendAsync(FrameType.Gap, bytes[..bodyBytes]);
    }

    /// <summary>Acks publishes; the seq of each is its number plus 100.</summary>
    public Task AckAsync(string channel, ulong producerId, params ulong[] numbers) =>
        SendAsync(FrameType.PubAck, ScriptedBodies.PubAck(channel, producerId, At(0), numbers));

    public Task ErrorAsync(
        ErrorCode code, uint retryAfterMilliseconds, string? channel, ulong? number, uint correlation = 0, string text = "scripted")
    {
        var body = new ErrorBody
        {
            Code = code,
            Text = Encoding.UTF8.GetBytes(text),
            RetryAfterMilliseconds = retryAfterMilliseconds,
            Channel = Encoding.UTF8.GetBytes(channel ?? string.Empty),
            Number = number,
        };
        byte[] bytes = new byte[2 * ProtocolLimits.TextBytesMax];
        Assert.True(body.TryEncode(bytes, out int bodyBytes));
        return SendAsync(FrameType.Error, bytes[..bodyBytes], correlation: correlation);
    }

    public Task CloseAsync(ErrorCode code, uint backoffMilliseconds, string text = "scripted")
    {
        byte[] bytes = new byte[2 * ProtocolLimits.TextBytesMax];
        var body = new CloseBody { Code = code, Text = Encoding.UTF8.GetBytes(text), BackoffMilliseconds = backoffMilliseconds };
        Assert.True(body.TryEncode(bytes, out int bodyBytes));
        return SendAsync(FrameType.Close, bytes[..bodyBytes]);
    }

    public Task DrainingAsync(uint moveAfterMilliseconds)
    {
        byte[] bytes = new byte[64];
        var body = new DrainingBody { MoveAfterMilliseconds = moveAfterMilliseconds, DeadlineMilliseconds = 10_000 };
        Assert.True(body.TryEncode(bytes, out int bodyBytes));
        return SendAsync(FrameType.Draining, bytes[..bodyBytes]);
    }

    public Task SendAsync(FrameType type, byte[] body, FrameFlags flags = FrameFlags.None, uint correlation = 0)
    {
        byte[] frame = new byte[FrameHeader.SizeBytes + body.Length];
        new FrameHeader((uint)body.Length, type, flags, correlation).Write(frame);
        body.CopyTo(frame, FrameHeader.SizeBytes);
        return SendRawAsync(frame);
    }

    public async Task SendRawAsync(byte[] bytes)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        int step = SplitsEveryByte ? 1 : bytes.Length;
        for (int i = 0; i < bytes.Length; i += step)
        {
            await _stream.WriteAsync(bytes.AsMemory(i, step), deadline.Token);
        }
    }

    /// <summary>Ends the connection with a reset: no goodbye.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static Position At(ulong seq) => new(0, 0, 1, seq);
}
