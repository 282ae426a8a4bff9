using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Controls;
using RelayServer.Master.Sequencing;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Services;

/// <summary>
/// Does the two commands that every service has from the relay: a room, or the inbox of who gives it, subscribes to one of its topics or no
/// longer. Each is a control of that user under the command's own name, so that it is done once however often it is tried.
/// </summary>
internal sealed class SubscriptionCommands(RoomControls controls)
{
    private static readonly ControlRefusal s_expired = new(ErrorCode.NumberExpired, "this number has left the log; use a number above all earlier ones");

    /// <summary>The room that it was said in, or the inbox of who said it.</summary>
    public static byte[] PlaceOf(ServiceCall call) => call.Channel.Length > 0 ? call.Channel : [.. ChannelName.InboxPrefix, .. call.User];

    /// <summary>Does one there.</summary>
    public CommandOutcome Do(ChannelState place, ServiceCall call, ulong nowMilliseconds)
    {
        ProducerHistory producer = place.Producers.GetOrAdd(call.User, call.Name.ProducerId);
        NumberLookup known = producer.Find(call.Name.Number, out _);
        if (known == NumberLookup.Expired)
        {
            return call.Refused(s_expired);
        }

        if (known == NumberLookup.New)
        {
            if (Change(place, call, nowMilliseconds, out MessagePlace? changed) is { } refusal)
            {
                return call.Refused(refusal);
            }

            place.Producers.Add(producer, call.Name.Number, changed!.Value);
        }

        return call.Done([]);
    }

    private ControlRefusal? Change(ChannelState place, ServiceCall call, ulong nowMilliseconds, out MessagePlace? changed)
    {
        var record = new UpstreamRecord { Kind = UpstreamKind.Publish, UserId = call.User, Role = (byte)call.TokenRole, ClientAddress = call.Address };
        var request = new PublishRequest(call.Asker.Link, 0, place, record, [])
        {
            Publish = new PublishBody { Kind = MessageKind.Control, ProducerId = call.Name.ProducerId, Number = call.Name.Number },
        };
        return controls.Take(request, call.Control!, nowMilliseconds, out changed);
    }
}
