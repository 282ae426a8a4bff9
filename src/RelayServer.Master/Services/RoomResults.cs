using System.Text;
using RelayServer.Master.Channels;
using RelayServer.Master.Sequencing;
using RelayServer.Master.Speech;
using RelayServer.Master.Splits;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Services;

/// <summary>
/// Tells rooms what commands have done: a message of whoever gave the command, under the command's own name, so that it is told once
/// however often it is tried.
/// </summary>
internal sealed class RoomResults(FlushBuilder builder, SplitDesk splits)
{
    private static readonly ControlRefusal s_expired = new(
        ErrorCode.NumberExpired, "the number of this command has left the retention window; whether the room was told is not known any more");

    /// <summary>True when the room has been told already: an owner before this one has seen to it.</summary>
    public static bool IsTold(ChannelState room, ServiceCall call) => ProducerOf(room, call).Find(call.Name.Number, out _) == NumberLookup.Known;

    /// <summary>Why the room is not to be told; null when it is.</summary>
    public static ControlRefusal? Check(ChannelState room, ServiceCall call, ulong nowMilliseconds) => Check(room, call, takesTurn: false, nowMilliseconds);

    /// <summary>Tells it; why not, when it may not be told any more.</summary>
    public ControlRefusal? Tell(ChannelState room, ServiceCall call, ReadOnlySpan<byte> encoded, ulong nowMilliseconds)
    {
        if (Check(room, call, takesTurn: true, nowMilliseconds) is { } refusal)
        {
            return refusal;
        }

        ReturnBody.TryDecode(encoded, out ReturnBody returned);
        var payload = new ResultPayload
        {
            Service = Encoding.UTF8.GetBytes(call.Service.Profile.Name),
            Verb = Encoding.UTF8.GetBytes(call.Verb.Name),
            Item = call.Item,
            Text = returned.Text,
            HasCard = returned.HasCard,
            Card = returned.Card,
        };
        ProducerHistory producer = ProducerOf(room, call);
        if (producer.Find(call.Name.Number, out _) == NumberLookup.New)
        {
            var message = new DeliverMessage
            {
                Kind = MessageKind.Result,
                From = call.User,
                ProducerId = call.Name.ProducerId,
                Number = call.Name.Number,
                Payload = payload.ToBytes(),
            };
            room.Producers.Add(producer, call.Name.Number, Append(room, call, message, nowMilliseconds));
        }

        return null;
    }

    private static ControlRefusal? Check(ChannelState room, ServiceCall call, bool takesTurn, ulong nowMilliseconds)
    {
        string service = call.Service.Profile.Name;
        return room.Room.MayJoin(call.User, call.TokenRole, call.Address, nowMilliseconds) is { } putOut ? putOut
            : !room.Room.HasLetIn(service) ? new ControlRefusal(ErrorCode.Forbidden, $"the room {Encoding.UTF8.GetString(room.Name)} has not let {service} in; who runs it invites the service, or subscribes to a topic of it")
            : ProducerOf(room, call).Find(call.Name.Number, out _) == NumberLookup.Expired ? s_expired
            : room.Room.MaySpeak(call.User, call.TokenRole, MessageKind.Result, [], nowMilliseconds)
                ?? SpeechDesk.CheckTurn(room, room.Room.RoleOf(call.User, call.TokenRole), call.User, takesTurn, nowMilliseconds);
    }

    private static ProducerHistory ProducerOf(ChannelState room, ServiceCall call) =>
        room.Producers.GetOrAdd(call.User, call.Name.ProducerId);

    // In a room that is split it is heard where the member is heard.
    private MessagePlace Append(ChannelState room, ServiceCall call, in DeliverMessage message, ulong nowMilliseconds)
    {
        if (Permissions.Allows(room.Room.RoleOf(message.From, call.TokenRole), RoomVerb.Broadcast, ChannelKind.Room))
        {
            return builder.AppendToAll(room, message, nowMilliseconds);
        }

        splits.Place(room, call.Asker.Link, nowMilliseconds);
        PartitionLog log = room.PartitionOf(message.From, call.Asker.Link);
        return new MessagePlace(log, room.Epoch, builder.Append(log, message, nowMilliseconds));
    }
}
