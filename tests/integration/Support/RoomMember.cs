using System.Net;
using System.Text;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Support;

/// <summary>A member of one room over a <see cref="WireClient"/> that keeps everything it is told, and checks the order of what it gets.</summary>
internal sealed class RoomMember(WireClient client, string room, ulong producerId) : IAsyncDisposable
{
    private readonly Dictionary<ulong, ulong> _acks = [];
    private readonly Dictionary<ulong, ErrorCode> _errors = [];
    private bool _isJoined;

    public WireClient Client => client;

    public Position Have { get; private set; }

    /// <summary>Messages in the order in which they came.</summary>
    public List<(Position At, string Text)> Messages { get; } = [];

    public List<(Position Until, GapReason Reason)> Gaps { get; } = [];

    /// <summary>How the edge ended the connection.</summary>
    public ErrorCode? Closed { get; private set; }

    public static async Task<RoomMember> JoinAsync(
        IPEndPoint edge, string user, string room, ulong producerId = 0, JoinStart start = JoinStart.Live, Position position = default)
    {
        var member = new RoomMember(await WireClient.SignInAsync(edge, "user:" + user), room, producerId);
        await member.JoinAsync(start, position);
        return member;
    }

    public async Task JoinAsync(JoinStart start = JoinStart.Live, Position position = default)
    {
        await client.SendJoinAsync(room, start, position: position);
        await UntilAsync(() => _isJoined);
    }

    /// <summary>Publishes under a number and waits: the seq it got, or 0 when it was refused.</summary>
    public async Task<ulong> PublishAsync(ulong number, string text)
    {
        _errors.Remove(number);
        await client.SendPublishAsync(room, producerId, number, text);
        return await AnswerToAsync(number);
    }

    /// <summary>Waits for the first answer to a number: its seq, or 0 when it was refused.</summary>
    public async Task<ulong> AnswerToAsync(ulong number)
    {
        await UntilAsync(() => _acks.ContainsKey(number) || _errors.ContainsKey(number));
        return _acks.GetValueOrDefault(number);
    }

    /// <summary>Why a number was refused last.</summary>
    public ErrorCode ErrorOf(ulong number) => _errors[number];

    public Task HasMessagesAsync(int count) => UntilAsync(() => Messages.Count >= count);

    public async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            Assert.True(Closed is null, $"closed with {Closed}");
            (FrameHeader header, byte[] body) = await client.ReceiveAsync();
            Take(header, body);
        }
    }

    /// <summary>Reads to the end of the stream, however it ends.</summary>
    public async Task ReadToEndAsync()
    {
        try
        {
            while (Closed is null)
            {
                (FrameHeader header, byte[] body) = await client.ReceiveAsync();
                Take(header, body);
            }
        }
        catch (IOException)
        {
            // Cut in the middle of a frame.
        }
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private void Take(FrameHeader header, byte[] body)
    {
        switch (header.Type)
        {
            case FrameType.Joined:
                Assert.Equal(DecodeStatus.Ok, JoinedBody.TryDecode(body, out JoinedBody joined));
                Have = joined.From;
                _isJoined = true;
                break;
            case FrameType.Deliver:
                Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(body, out DeliverBody deliver));
                TakeMessages(deliver);
                break;
            case FrameType.Gap:
                Assert.Equal(DecodeStatus.Ok, GapBody.TryDecode(body, out GapBody gap));
                Gaps.Add((gap.Until, gap.Reason));
                Have = gap.Until;
                break;
            case FrameType.PubAck:
                Assert.Equal(DecodeStatus.Ok, PubAckBody.TryDecode(body, out PubAckBody ack));
                foreach ((ulong number, ulong seq) in ack)
                {
                    _acks[number] = seq;
                }

                break;
            case FrameType.Error:
                Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(body, out ErrorBody error));
                _errors[error.Number ?? 0] = error.Code;
                break;
            case FrameType.Close:
                Assert.Equal(DecodeStatus.Ok, CloseBody.TryDecode(body, out CloseBody close));
                Closed = close.Code;
                break;
        }
    }

    private void TakeMessages(DeliverBody deliver)
    {
        foreach (DeliverMessage message in deliver)
        {
            if (message.Seq > Have.Seq)
            {
                Assert.True(message.Seq == Have.Seq + 1, $"hole between {Have} and {message.Seq}");
                Have = deliver.First with { Seq = message.Seq };
                Messages.Add((Have, Encoding.UTF8.GetString(message.Payload)));
            }
        }
    }
}
