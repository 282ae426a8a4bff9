using System.Text;
using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Master.Links;
using RelayServer.Master.Sequencing;
using RelayServer.Master.Services;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Queries;

/// <summary>Answers questions about rooms: how one is, who is in it or kept from it, and which there are.</summary>
internal sealed class QueryDesk(
    ChannelTable channels, RoomDirectory directory, ServiceDirectory services, SearchBudget searches, AnswerBudget answers, FlushBuilder builder, Refusals refusals,
    MasterCounters counters)
{
    /// <summary>
    /// Begins with a question: answers it or refuses it, unless it is about one channel, which is then to be opened for
    /// <see cref="Answer"/>.
    /// </summary>
    /// <returns>The channel; empty when all is done.</returns>
    public ReadOnlySpan<byte> Begin(EdgeLink link, scoped in UpstreamRecord record)
    {
        if (QueryBody.TryDecode(record.QueryBody, out QueryBody query) != DecodeStatus.Ok)
        {
            refusals.Refuse(link, record, ErrorCode.MalformedBody, "the query could not be read"u8);
            return [];
        }

        switch (query.What)
        {
            case QueryKind.Status or QueryKind.Members or QueryKind.Restrictions when ChannelName.IsValid(query.Channel):
                return query.Channel;
            case QueryKind.Status or QueryKind.Members or QueryKind.Restrictions:
                refusals.Refuse(link, record, ErrorCode.BadChannelName, "this is no name of a channel"u8);
                return [];
            case QueryKind.Menu or QueryKind.Subscriptions when query.Channel.IsEmpty:
                return (byte[])[.. ChannelName.InboxPrefix, .. record.UserId];
            case QueryKind.Menu or QueryKind.Subscriptions when ChannelName.KindOf(query.Channel) is ChannelKind.Room or ChannelKind.Inbox:
                return query.Channel;
            case QueryKind.Menu or QueryKind.Subscriptions:
                refusals.Refuse(link, record, ErrorCode.BadChannelName, "this is no name of a room or inbox"u8);
                return [];
            case QueryKind.Rooms:
                List(link, record, query);
                return [];
            default:
                refusals.Refuse(link, record, ErrorCode.BadArgument, "there is no such query"u8);
                return [];
        }
    }

    /// <summary>Answers a question about a channel that has been read.</summary>
    public void Answer(EdgeLink link, ChannelState channel, in UpstreamRecord record, ulong nowMilliseconds)
    {
        QueryBody.TryDecode(record.QueryBody, out QueryBody query);
        Role role = channel.Room.RoleOf(record.UserId, (Role)record.Role);
        RoomVerb verb = query.What switch
        {
            QueryKind.Members => RoomVerb.Members,
            QueryKind.Restrictions => RoomVerb.Restrictions,
            QueryKind.Subscriptions => RoomVerb.Subscriptions,
            _ => RoomVerb.Status,
        };
        if (channel.Kind == ChannelKind.Inbox && !ChannelName.IsInboxOf(channel.Name, record.UserId))
        {
            RefuseRole(link, record);
        }
        else if (channel.Room.MayJoin(record.UserId, (Role)record.Role, record.ClientAddress, nowMilliseconds) is { } putOut)
        {
            refusals.Refuse(link, record, putOut.Code, Encoding.UTF8.GetBytes(putOut.Text), putOut.RetryAfterMilliseconds);
        }
        else if (channel.Kind == ChannelKind.Room && !Permissions.Allows(role, verb, ChannelKind.Room))
        {
            RefuseRole(link, record);
        }
        else if (query.What == QueryKind.Menu)
        {
            AnswerMenu(link, channel, record, query);
        }
        else if (query.What == QueryKind.Subscriptions)
        {
            Write(link, record, SubscriptionListEncoder.EncodeAnswer(channel.Name, channel.Room, query));
        }
        else if (query.What == QueryKind.Members)
        {
            AnswerMembers(link, channel, record);
        }
        else if (query.What == QueryKind.Restrictions)
        {
            Write(link, record, RestrictionEncoder.EncodeAnswer(channel.Name, channel.Room, query, nowMilliseconds));
        }
        else
        {
            uint[] sizes = channel.Presence?.Table.Counts(channel.Division.Generation, channel.Partitions.Count) ?? new uint[channel.Partitions.Count];
            Write(link, record, StatusEncoder.EncodeAnswer(channel.Name, channel.Room, role, channel.Presence?.Table.Total ?? 0, sizes));
        }
    }

    /// <summary>About once a second.</summary>
    public void Tick() => searches.Tick();

    private void AnswerMenu(EdgeLink link, ChannelState channel, in UpstreamRecord record, in QueryBody query)
    {
        string locale = Encoding.UTF8.GetString(query.Locale);
        string service = Encoding.UTF8.GetString(query.Service);
        string topic = Encoding.UTF8.GetString(query.Topic);
        var menu = new MenuEncoder(query);
        if (service.Length == 0)
        {
            Write(link, record, menu.AddServices(services.Profiles, channel.Room, locale).Encode(query.Channel));
        }
        else if (services.Find(service) is not { } known)
        {
            refusals.Refuse(link, record, ErrorCode.UnknownService, "there is no service of this name"u8);
        }
        else if (query.Topic.IsEmpty)
        {
            Write(link, record, menu.AddService(known.Profile, channel.Room, locale).Encode(query.Channel));
        }
        else if (known.Profile.FindTopic(topic) is { } found)
        {
            Write(link, record, menu.AddSubjects(topic, found, channel.Room).Encode(query.Channel));
        }
        else
        {
            refusals.Refuse(link, record, ErrorCode.NotFound, "the service has no topic of this name"u8);
        }
    }

    private void AnswerMembers(EdgeLink link, ChannelState channel, in UpstreamRecord record)
    {
        uint total = channel.Presence?.Table.Total ?? 0;
        IReadOnlyList<byte[]> names = total <= channel.Room[RoomSetting.ListMembersMax] ? channel.Presence?.Table.Names ?? [] : [];
        using var encoded = new PooledBuffer();
        foreach (byte[] name in names)
        {
            var writer = new MessagePackWriter(encoded.Reserve(MessagePackWriter.HeadBytesMax + name.Length));
            writer.WriteString(name);
            encoded.Advance(writer.WrittenBytes);
        }

        var body = new MembersBody { Channel = channel.Name, Total = total, Users = new EncodedList<MemberName>(encoded.WrittenSpan, names.Count) };
        byte[] answer = new byte[MembersBody.OverheadBytesMax + channel.Name.Length + encoded.WrittenBytes];
        body.TryEncode(answer, out int bytes);
        Write(link, record, answer.AsSpan(0, bytes));
    }

    private void List(EdgeLink link, in UpstreamRecord record, in QueryBody query)
    {
        var role = (Role)record.Role;
        if (!Permissions.Allows(role == Role.None ? Role.Member : role, RoomVerb.List, ChannelKind.Room))
        {
            RefuseRole(link, record);
        }
        else if (query.State > (byte)BroadcastState.Ended)
        {
            refusals.Refuse(link, record, ErrorCode.BadArgument, "there is no such state of a room"u8);
        }
        else if (query.After.Length > 0 && !ChannelName.IsValid(query.After))
        {
            refusals.Refuse(link, record, ErrorCode.BadArgument, "the list goes on after the name of a room, which this is not"u8);
        }
        else if (query.Search.Length > 0 && !searches.MaySearch(record.UserId))
        {
            // A list without a search looks at no more rooms than it shows.
            refusals.Refuse(link, record, ErrorCode.Overloaded, "too many search for rooms; try again"u8, Refusals.RetryAfterMilliseconds);
        }
        else
        {
            WriteList(link, record, query);
        }
    }

    private void WriteList(EdgeLink link, in UpstreamRecord record, in QueryBody query)
    {
        int max = query.Max == 0 ? ProtocolLimits.RoomsListedMax : query.Max;
        var state = (BroadcastState?)query.State;
        string search = Encoding.UTF8.GetString(query.Search);
        using var rooms = new PooledBuffer();
        int count = 0;
        int scanned = 0;
        bool hasMore = false;
        foreach (ListedRoom room in directory.After(Encoding.UTF8.GetString(query.After), state))
        {
            scanned++;
            if (!room.Matches(search))
            {
                continue;
            }

            if (count == max)
            {
                hasMore = true;
                break;
            }

            WriteRoom(rooms, room);
            count++;
        }

        if (search.Length > 0)
        {
            searches.Searched(record.UserId, scanned);
        }

        var body = new RoomListBody { Rooms = new EncodedList<RoomEntry>(rooms.WrittenSpan, count), HasMore = hasMore };
        byte[] answer = new byte[RoomListBody.OverheadBytesMax + rooms.WrittenBytes];
        body.TryEncode(answer, out int bytes);
        Write(link, record, answer.AsSpan(0, bytes));
    }

    private void WriteRoom(PooledBuffer rooms, ListedRoom room)
    {
        var entry = new RoomEntry
        {
            Name = Encoding.UTF8.GetBytes(room.Name),
            Title = Encoding.UTF8.GetBytes(room.Title),
            State = (byte)room.State,
            StartsAtMilliseconds = room.StartsAtMilliseconds,
        };
        entry.MembersTotal = channels.Find(entry.Name)?.Presence?.Table.Total ?? 0;
        entry.TryEncode(rooms.Reserve(RoomEntry.OverheadBytesMax + entry.Name.Length + entry.Title.Length), out int bytes);
        rooms.Advance(bytes);
    }

    private void RefuseRole(EdgeLink link, in UpstreamRecord record) =>
        refusals.Refuse(link, record, ErrorCode.Forbidden, "your role does not let you ask this"u8);

    private void Write(EdgeLink link, in UpstreamRecord record, ReadOnlySpan<byte> answer)
    {
        if (!answers.TrySpend(answer.Length))
        {
            refusals.Refuse(link, record, ErrorCode.Overloaded, "too much is asked at once; try again"u8, Refusals.RetryAfterMilliseconds);
            return;
        }

        counters.Queries++;
        var answered = new RelayRecord { Kind = RelayKind.Answer, Session = record.Session, Correlation = record.Correlation, Body = answer };
        builder.CountRecords(answered.EncodedBytesMax);
        RelayRecords.Write(link.Records, answered);
        builder.Touch(link);
    }
}
