using System.Text;
using RelayServer.Protocol;
using RelayServer.UnitTests.Services;

namespace RelayServer.UnitTests.Simulation;

/// <summary>The updates of one instance: kept beyond its death, and sent again, unchanged, until each is acknowledged or refused for good.</summary>
internal sealed class InstanceUpdates(SimulatedWorld world, SimulatedInstance instance)
{
    private const ulong ProducerId = 1;
    private const int PendingMax = 16;

    private readonly SortedDictionary<ulong, InstanceUpdate> _pending = [];
    private ulong _number;

    public IReadOnlyCollection<InstanceUpdate> Pending => _pending.Values;

    public int Acks { get; private set; }

    public int AcksOfInboxes { get; private set; }

    /// <summary>Tells those who want something of a topic; null when they are a room, or a user's inbox.</summary>
    public void Tell(string? topic, string[] subjects, string place, bool isProbe)
    {
        if (_pending.Count < PendingMax)
        {
            string channel = place.StartsWith(ClientRoom.InboxPrefix, StringComparison.Ordinal)
                ? ClientRoom.InboxPrefix + world.Calls!.SubjectOf(instance.Service, place[ClientRoom.InboxPrefix.Length..])
                : place;
            byte[] payload = Bodies.Update(topic ?? "", subjects, $"{instance.User}-{++_number}", instance.Service);
            _pending.Add(_number, new InstanceUpdate(_number, channel, place, payload) { IsProbe = isProbe });
            SendPending();
        }
    }

    /// <summary>A new connection knows of none.</summary>
    public void Connected()
    {
        foreach (InstanceUpdate update in _pending.Values)
        {
            update.IsSent = false;
        }
    }

    /// <summary>Sends what was not sent, or is to be tried again by now. Before the service is known nobody knows its topics.</summary>
    public void SendPending()
    {
        foreach (InstanceUpdate update in _pending.Values.Where(update => !update.IsSent && update.NotBefore <= world.Time.Now && instance.IsRegistered))
        {
            update.IsSent = true;
            instance.Publish(update.Channel, ProducerId, update.Number, update.Payload);
        }
    }

    public void TakeAck(ReadOnlySpan<byte> body)
    {
        Assert.Equal(DecodeStatus.Ok, PubAckBody.TryDecode(body, out PubAckBody ack));
        Assert.Equal(ProducerId, ack.ProducerId);
        string channel = Encoding.UTF8.GetString(ack.Channel);
        foreach ((ulong number, ulong seq) in ack)
        {
            if (_pending.Remove(number, out InstanceUpdate? update))
            {
                Assert.Equal(update.Channel, channel);
                Acks++;
                if (update.Place == channel)
                {
                    world.Judge.Acknowledged(channel, new MessageName(instance.User, ProducerId, number), ack.Log with { Seq = seq });
                }
                else
                {
                    Assert.Equal((default, 0UL), (ack.Log, seq));
                    AcksOfInboxes++;
                }
            }
        }
    }

    public void TakeError(in ErrorBody error)
    {
        if (!_pending.TryGetValue(error.Number!.Value, out InstanceUpdate? update))
        {
            return;
        }

        string text = $"{instance}: {update}: {error.Code}, {Encoding.UTF8.GetString(error.Text)}";
        Assert.True(Encoding.UTF8.GetString(error.Channel) == update.Channel, text);
        if (error.Code.Family() == ErrorFamily.Retry)
        {
            update.IsSent = false;
            update.NotBefore = world.Time.Now + error.RetryAfterMilliseconds;
            return;
        }

        bool isTopic = update.Place.StartsWith(ServiceOperations.TopicPrefix, StringComparison.Ordinal);
        Assert.True(error.Code == ErrorCode.NumberExpired || error.Code == (isTopic ? ErrorCode.NotFound : ErrorCode.Forbidden), text);
        Assert.False(update.IsProbe, text);
        _pending.Remove(update.Number);
    }
}
