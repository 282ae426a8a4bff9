using System.Net;
using System.Net.Sockets;
using System.Text;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Support;

/// <summary>A client that speaks the protocol frame by frame, so that a test can say exactly what it wants, right or wrong.</summary>
internal sealed class WireClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Stream _stream;
    private readonly byte[] _header = new byte[FrameHeader.SizeBytes];
    private uint _correlation;

    private WireClient(Stream stream) => _stream = stream;

    /// <summary>Connects, from an address of this machine when one is given.</summary>
    public static async Task<WireClient> ConnectAsync(IPEndPoint endpoint, IPAddress? from = null)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (from is not null)
        {
            socket.Bind(new IPEndPoint(from, 0));
        }

        await socket.ConnectAsync(endpoint, TestContext.Current.CancellationToken);
        return new WireClient(new NetworkStream(socket, ownsSocket: true));
    }

    /// <summary>Over a stream that is connected already, such as a TLS one.</summary>
    public static WireClient Over(Stream stream) => new(stream);

    public static async Task<WireClient> SignInAsync(IPEndPoint endpoint, string token, Capabilities capabilities = Capabilities.Ephemeral)
    {
        WireClient client = await ConnectAsync(endpoint);
        await client.SendHelloAsync(capabilities);
        await client.SendAuthAsync(token);
        (FrameHeader header, _) = await client.ReceiveAsync();
        Assert.Equal(FrameType.Welcome, header.Type);
        return client;
    }

    public Task SendHelloAsync(Capabilities capabilities = Capabilities.None) => SendAsync(FrameType.Hello, FrameFlags.None, 0, body =>
    {
        new HelloBody { VersionMin = 1, VersionMax = 1, Capabilities = capabilities, Agent = "wire-client"u8 }.TryEncode(body, out int bytes);
        return bytes;
    });

    public Task SendAuthAsync(string token) => SendAsync(FrameType.Auth, FrameFlags.None, 0, body =>
    {
        new AuthBody { Token = Encoding.UTF8.GetBytes(token) }.TryEncode(body, out int bytes);
        return bytes;
    });

    public async Task<uint> SendJoinAsync(string channel, JoinStart start = JoinStart.Live, uint lastMessages = 0, Position position = default)
    {
        uint correlation = ++_correlation;
        await SendAsync(FrameType.Join, FrameFlags.None, correlation, body =>
        {
            new JoinBody { Channel = Encoding.UTF8.GetBytes(channel), Start = start, LastMessages = lastMessages, Position = position }
                .TryEncode(body, out int bytes);
            return bytes;
        });
        return correlation;
    }

    /// <summary>Joins and waits for JOINED: from and top.</summary>
    public async Task<(Position From, Position Top)> JoinAsync(
        string channel, JoinStart start = JoinStart.Live, uint lastMessages = 0, Position position = default)
    {
        uint correlation = await SendJoinAsync(channel, start, lastMessages, position);
        (FrameHeader header, byte[] body) = await ReceiveAsync(FrameType.Joined);
        Assert.Equal(correlation, header.Correlation);
        Assert.Equal(DecodeStatus.Ok, JoinedBody.TryDecode(body, out JoinedBody joined));
        return (joined.From, joined.Top);
    }

    public async Task<uint> SendLeaveAsync(string channel)
    {
        uint correlation = ++_correlation;
        await SendAsync(FrameType.Leave, FrameFlags.None, correlation, body =>
        {
            new ChannelBody { Channel = Encoding.UTF8.GetBytes(channel) }.TryEncode(body, out int bytes);
            return bytes;
        });
        return correlation;
    }

    public async Task<uint> SendPublishAsync(
        string channel, ulong producerId, ulong number, string text, FrameFlags flags = FrameFlags.AckWanted)
    {
        uint correlation = ++_correlation;
        await SendAsync(FrameType.Publish, flags, correlation, body =>
        {
            new PublishBody
            {
                Channel = Encoding.UTF8.GetBytes(channel),
                ProducerId = producerId,
                Number = number,
                Kind = MessageKind.Text,
                Payload = Encoding.UTF8.GetBytes(text),
            }.TryEncode(body, out int bytes);
            return bytes;
        });
        return correlation;
    }

    public Task SendControlAsync(string channel, ulong producerId, ulong number, RoomControl control) =>
        SendAsync(FrameType.Publish, FrameFlags.AckWanted, ++_correlation, body =>
        {
            new PublishBody
            {
                Channel = Encoding.UTF8.GetBytes(channel),
                ProducerId = producerId,
                Number = number,
                Kind = MessageKind.Control,
                Payload = control.Encode(),
            }.TryEncode(body, out int bytes);
            return bytes;
        });

    public delegate int BodyWriter(Span<byte> destination);

    public Task SendAsync(FrameType type, FrameFlags flags, uint correlation, BodyWriter write)
    {
        byte[] frame = new byte[FrameHeader.SizeBytes + (2 * ProtocolLimits.ClientFrameBytesMax)];
        int bytes = write(frame.AsSpan(FrameHeader.SizeBytes));
        new FrameHeader((uint)bytes, type, flags, correlation).Write(frame);
        return SendRawAsync(frame.AsMemory(0, FrameHeader.SizeBytes + bytes));
    }

    public Task SendRawAsync(ReadOnlyMemory<byte> bytes) => _stream.WriteAsync(bytes, TestContext.Current.CancellationToken).AsTask();

    /// <summary>The next frame, PINGs answered and left out.</summary>
    public async Task<(FrameHeader Header, byte[] Body)> ReceiveAsync()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Patience);
        await _stream.ReadExactlyAsync(_header, timeout.Token);
        Assert.True(FrameHeader.TryRead(_header, out FrameHeader header));
        byte[] body = new byte[header.BodyBytes];
        await _stream.ReadExactlyAsync(body, timeout.Token);
        return (header, body);
    }

    /// <summary>The next frame of a type; others before it fail the test.</summary>
    public async Task<(FrameHeader Header, byte[] Body)> ReceiveAsync(FrameType type)
    {
        (FrameHeader header, byte[] body) = await ReceiveAsync();
        Assert.True(type == header.Type, $"expected {type}, received {header.Type}{Describe(header, body)}");
        return (header, body);
    }

    public async Task<(ErrorCode Code, uint Correlation)> ReceiveErrorAsync()
    {
        (FrameHeader header, byte[] body) = await ReceiveAsync(FrameType.Error);
        Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(body, out ErrorBody error));
        return (error.Code, header.Correlation);
    }

    /// <summary>The code of the CLOSE that comes next, and that the stream ends after it.</summary>
    public async Task<ErrorCode> ReceiveCloseAsync()
    {
        (_, byte[] body) = await ReceiveAsync(FrameType.Close);
        Assert.Equal(DecodeStatus.Ok, CloseBody.TryDecode(body, out CloseBody close));
        ErrorCode code = close.Code;
        Assert.True(await IsEndAsync(), "bytes after CLOSE");
        return code;
    }

    public async Task<bool> IsEndAsync()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Patience);
        try
        {
            return await _stream.ReadAsync(new byte[1], timeout.Token) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>The next <paramref name="count"/> messages after a seq, in order; frames of other types fail the test unless they are acks.</summary>
    public async Task<List<(ulong Seq, string Text)>> ReceiveMessagesAsync(int count, ulong afterSeq = 0)
    {
        var messages = new List<(ulong, string)>();
        while (messages.Count < count)
        {
            (FrameHeader header, byte[] body) = await ReceiveAsync();
            if (header.Type == FrameType.PubAck)
            {
                continue;
            }

            Assert.True(header.Type == FrameType.Deliver, $"expected Deliver, received {header.Type}{Describe(header, body)}");
            Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(body, out DeliverBody deliver));
            foreach (DeliverMessage message in deliver)
            {
                if (message.Seq > afterSeq || message.Seq == 0)
                {
                    messages.Add((message.Seq, Encoding.UTF8.GetString(message.Payload)));
                    afterSeq = Math.Max(afterSeq, message.Seq);
                }
            }
        }

        return messages;
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static string Describe(FrameHeader header, byte[] body)
    {
        if (header.Type == FrameType.Error && ErrorBody.TryDecode(body, out ErrorBody error) == DecodeStatus.Ok)
        {
            return $" {error.Code}: {Encoding.UTF8.GetString(error.Text)}";
        }

        return header.Type == FrameType.Close && CloseBody.TryDecode(body, out CloseBody close) == DecodeStatus.Ok
            ? $" {close.Code}: {Encoding.UTF8.GetString(close.Text)}"
            : string.Empty;
    }
}
