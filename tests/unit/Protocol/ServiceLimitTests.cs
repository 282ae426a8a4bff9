using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol;

/// <summary>The largest bodies about services fit a frame, and the room that they say they need.</summary>
[Trait("Must", "R-LIMIT-1")]
public sealed class ServiceLimitTests
{
    private static byte[] Channel => Filled(ProtocolLimits.InboxNameBytesMax);

    private static byte[] Word => Filled(ProtocolLimits.ServiceWordBytesMax);

    private static byte[] Topic => Filled(ProtocolLimits.TopicNameBytesMax);

    private static byte[] Item => Filled(ProtocolLimits.ItemBytesMax);

    private static byte[] Locale => Filled(ProtocolLimits.LocaleBytesMax);

    private static byte[] ResultText => Filled(ProtocolLimits.ResultTextBytesMax);

    private static byte[] User => Filled(ProtocolLimits.UserIdBytesMax);

    [Fact]
    public void CommandAndCall_LargestOfEverything_FitAFrame()
    {
        var arguments = new EncodedList<CommandArgument>(Strings(ProtocolLimits.ArgumentsMax, ProtocolLimits.ArgumentBytesMax), ProtocolLimits.ArgumentsMax);
        var command = new CommandBody
        {
            Channel = Channel,
            Item = Item,
            ProducerId = ulong.MaxValue,
            Number = ProtocolLimits.NumberMax,
            Locale = Locale,
            Service = Word,
            Verb = Word,
            Arguments = arguments,
        };
        Assert.True(command.TryEncode(new byte[command.EncodedBytesMax], out int commandBytes));
        Assert.InRange(commandBytes, 0, ProtocolLimits.ClientFrameBytesMax);

        var call = new CallBody
        {
            Ticket = ProtocolLimits.NumberMax,
            Verb = Word,
            Arguments = arguments,
            Subject = Filled(ProtocolLimits.SubjectIdBytesMax),
            Role = byte.MaxValue,
            Channel = Channel,
            Item = Item,
            Key = Filled(ProtocolLimits.CallKeyBytesMax),
            Locale = Locale,
            DeadlineMilliseconds = uint.MaxValue,
            Attempt = byte.MaxValue,
        };
        Assert.True(call.TryEncode(new byte[call.EncodedBytesMax], out int callBytes));
        Assert.InRange(callBytes, 0, ProtocolLimits.ServerFrameBytesMax);
    }

    [Fact]
    [Trait("Must", "R-CARD-1")]
    public void ReturnAndResult_LargestCard_FitAFrameAndAPayload()
    {
        byte[] fields = Fields();
        byte[] actions = ActionsThatFillTheCard(fields);
        CardBody card = Card(fields, actions, ProtocolLimits.CardActionsMax);
        var returned = new ReturnBody
        {
            Ticket = ProtocolLimits.NumberMax,
            Status = (ReturnStatus)byte.MaxValue,
            Text = ResultText,
            Card = card,
            HasCard = true,
        };
        byte[] body = new byte[returned.EncodedBytesMax];
        Assert.True(returned.TryEncode(body, out int returnBytes));
        Assert.InRange(returnBytes, ProtocolLimits.CardBytesMax, ProtocolLimits.ClientFrameBytesMax);
        Assert.Equal(DecodeStatus.Ok, ReturnBody.TryDecode(body.AsSpan(0, returnBytes), out _));

        var result = new ResultBody { Channel = Channel, Number = ProtocolLimits.NumberMax, Service = Word, Verb = Word, Text = ResultText, Card = card, HasCard = true };
        Assert.True(result.TryEncode(new byte[result.EncodedBytesMax], out int resultBytes));
        Assert.InRange(resultBytes, 0, ProtocolLimits.ServerFrameBytesMax);

        var payload = new ResultPayload { Service = Word, Verb = Word, Item = Item, Text = ResultText, Card = card, HasCard = true };
        Assert.True(payload.TryEncode(new byte[payload.EncodedBytesMax], out int payloadBytes));
        Assert.InRange(payloadBytes, 0, ProtocolLimits.PayloadBytesMax);
    }

    [Theory]
    [InlineData(0, DecodeStatus.Ok)]
    [InlineData(1, DecodeStatus.OutOfRange)]
    [Trait("Must", "R-CARD-1")]
    public void TryDecode_CardOfTheMostBytesAndOneMore_IsTakenAndRefused(int moreBytes, DecodeStatus expected)
    {
        byte[] fields = Fields();
        byte[] actions = ActionsThatFillTheCard(fields);
        CardBody card = Card(fields, actions, ProtocolLimits.CardActionsMax);
        card.Title = Filled(ProtocolLimits.TitleBytesMax - 1 + moreBytes);
        var update = new UpdatePayload { Service = Word, Card = card };
        byte[] payload = new byte[update.EncodedBytesMax];
        Assert.True(update.TryEncode(payload, out int payloadBytes));
        Assert.Equal(expected, UpdatePayload.TryDecode(payload.AsSpan(0, payloadBytes), out _));
    }

    [Fact]
    public void CardBody_AllButItsActions_FitsTheCard()
    {
        byte[] fields = Fields();
        var update = new UpdatePayload
        {
            Service = Word,
            Topic = Topic,
            Subjects = new EncodedList<SubjectName>(Strings(1, ProtocolLimits.SubjectBytesMax), 1),
            Card = Card(fields, [], 0),
        };
        Assert.True(update.TryEncode(new byte[update.EncodedBytesMax], out int payloadBytes));
        Assert.InRange(payloadBytes, 0, ProtocolLimits.UpdateBytesMax);
    }

    [Fact]
    public void RegisterBody_EveryVerbWithSummariesAndTopicsWithSubjects_FitsAClientFrame()
    {
        byte[] parameters = Repeat(ProtocolLimits.ParametersMax, Entry(
            new ParameterEntry { Name = Word, Summary = Filled(40), Kind = (ParameterKind)byte.MaxValue, IsOptional = true }));
        var verb = new VerbEntry
        {
            Name = Word,
            Summary = Filled(ProtocolLimits.TitleBytesMax),
            Flags = (VerbFlags)byte.MaxValue,
            DeadlineMilliseconds = uint.MaxValue,
            Parameters = new EncodedList<ParameterEntry>(parameters, ProtocolLimits.ParametersMax),
        };
        byte[] encodedVerb = new byte[verb.EncodedBytesMax];
        Assert.True(verb.TryEncode(encodedVerb, out int verbBytes));

        byte[] subjects = Repeat(8, Entry(new TopicSubjectEntry { Name = Filled(ProtocolLimits.SubjectBytesMax) }));
        var topic = new TopicEntry
        {
            Name = Filled(ProtocolLimits.TopicWordBytesMax),
            Title = Filled(ProtocolLimits.TitleBytesMax),
            IsOpen = true,
            Subjects = new EncodedList<TopicSubjectEntry>(subjects, 8),
        };
        byte[] encodedTopic = new byte[topic.EncodedBytesMax];
        Assert.True(topic.TryEncode(encodedTopic, out int topicBytes));

        byte[] verbs = Repeat(ProtocolLimits.VerbsMax, encodedVerb[..verbBytes]), topics = Repeat(ProtocolLimits.TopicsMax, encodedTopic[..topicBytes]);
        var body = new RegisterBody
        {
            Name = Word,
            Title = Filled(ProtocolLimits.TitleBytesMax),
            Description = Filled(ProtocolLimits.RoomTextBytesMax),
            Verbs = new EncodedList<VerbEntry>(verbs, ProtocolLimits.VerbsMax),
            Topics = new EncodedList<TopicEntry>(topics, ProtocolLimits.TopicsMax),
            Texts = new EncodedList<LocaleTextEntry>([], 0),
        };
        Assert.True(body.TryEncode(new byte[body.EncodedBytesMax], out int writtenBytes));
        Assert.InRange(writtenBytes, 0, ProtocolLimits.ClientFrameBytesMax);
    }

    [Fact]
    public void RegisterBody_ATopicWithAllSubjects_FitsAClientFrame()
    {
        byte[] subjects = Repeat(ProtocolLimits.TopicSubjectsMax, Entry(new TopicSubjectEntry { Name = Filled(12) }));
        var topic = new TopicEntry { Name = Word, Title = Word, Subjects = new EncodedList<TopicSubjectEntry>(subjects, ProtocolLimits.TopicSubjectsMax) };
        byte[] encoded = new byte[topic.EncodedBytesMax];
        Assert.True(topic.TryEncode(encoded, out int topicBytes));

        var body = new RegisterBody { Name = Word, Title = Word, Topics = new EncodedList<TopicEntry>(encoded.AsSpan(0, topicBytes), 1) };
        byte[] destination = new byte[body.EncodedBytesMax];
        Assert.True(body.TryEncode(destination, out int writtenBytes));
        Assert.InRange(writtenBytes, 0, ProtocolLimits.ClientFrameBytesMax);
        Assert.Equal(DecodeStatus.Ok, RegisterBody.TryDecode(destination.AsSpan(0, writtenBytes), out _));
    }

    [Fact]
    public void SmallBodies_LargestOfEverything_FitWhatTheySayThatTheyNeed()
    {
        var registered = new RegisteredBody { Name = Word, Instances = uint.MaxValue };
        Assert.True(registered.TryEncode(new byte[registered.EncodedBytesMax], out _));
        var service = new ServiceBody { Channel = Channel, Name = Word, IsAvailable = true };
        Assert.True(service.TryEncode(new byte[service.EncodedBytesMax], out _));
        var payload = new SubscriptionPayload { Event = (SubscriptionEvent)byte.MaxValue, Topic = Topic, ExpiresAtMilliseconds = ProtocolLimits.NumberMax };
        Assert.True(payload.TryEncode(new byte[payload.EncodedBytesMax], out _));

        var query = new QueryBody
        {
            What = QueryKind.Menu,
            Channel = Channel,
            Locale = Locale,
            Service = Word,
            Topic = Topic,
            After = Topic,
            AfterKind = byte.MaxValue,
            Max = ProtocolLimits.MenuEntriesMax,
        };
        int queryBytesMax = QueryBody.OverheadBytesMax + Channel.Length + Locale.Length + Word.Length + (2 * Topic.Length);
        Assert.True(query.TryEncode(new byte[queryBytesMax], out _));
        query.What = QueryKind.Subscriptions;
        Assert.True(query.TryEncode(new byte[QueryBody.OverheadBytesMax + Channel.Length + Topic.Length], out _));
    }

    // A page holds what fits: the server ends it before the frame is full, and says that there is more.
    [Fact]
    public void ListBodies_OneLargestEntry_FitsAServerFrameManyTimes()
    {
        var entry = new MenuEntry
        {
            Kind = (MenuKind)byte.MaxValue,
            Name = Topic,
            Title = Filled(ProtocolLimits.TextBytesMax),
            Description = Filled(ProtocolLimits.RoomTextBytesMax),
            Flags = (MenuFlags)byte.MaxValue,
        };
        byte[] encodedEntry = new byte[entry.EncodedBytesMax];
        Assert.True(entry.TryEncode(encodedEntry, out int entryBytes));
        var menu = new MenuBody { Channel = Channel, Entries = new EncodedList<MenuEntry>(encodedEntry.AsSpan(0, entryBytes), 1), HasMore = true };
        Assert.True(menu.TryEncode(new byte[menu.EncodedBytesMax], out int menuBytes));
        Assert.InRange(menuBytes, 0, ProtocolLimits.ServerFrameBytesMax / 40);

        byte[] subjects = Strings(ProtocolLimits.SubjectsMax, ProtocolLimits.SubjectBytesMax);
        var subscription = new SubscriptionEntry
        {
            Topic = Topic,
            Subjects = new EncodedList<SubjectName>(subjects, ProtocolLimits.SubjectsMax),
            ExpiresAtMilliseconds = ProtocolLimits.NumberMax,
            SinceMilliseconds = ProtocolLimits.NumberMax,
            By = User,
        };
        byte[] encodedSubscription = new byte[subscription.EncodedBytesMax];
        Assert.True(subscription.TryEncode(encodedSubscription, out int subscriptionBytes));
        var list = new SubscriptionListBody
        {
            Channel = Channel,
            Subscriptions = new EncodedList<SubscriptionEntry>(encodedSubscription.AsSpan(0, subscriptionBytes), 1),
            HasMore = true,
        };
        Assert.True(list.TryEncode(new byte[list.EncodedBytesMax], out int listBytes));
        Assert.InRange(listBytes, 0, ProtocolLimits.ServerFrameBytesMax / 25);
    }

    private static CardBody Card(ReadOnlySpan<byte> fields, ReadOnlySpan<byte> actions, int actionCount) => new()
    {
        Item = Item,
        Title = Filled(ProtocolLimits.TitleBytesMax - 1),
        Text = ResultText,
        Link = Filled(ProtocolLimits.LinkBytesMax),
        Image = Filled(ProtocolLimits.LinkBytesMax),
        Fields = new EncodedList<CardFieldEntry>(fields.ToArray(), ProtocolLimits.CardFieldsMax),
        Actions = new EncodedList<CardActionEntry>(actions.ToArray(), actionCount),
    };

    private static byte[] Fields() => Repeat(ProtocolLimits.CardFieldsMax, Entry(new CardFieldEntry
    {
        Name = Filled(ProtocolLimits.CardFieldNameBytesMax),
        Value = Filled(ProtocolLimits.CardFieldValueBytesMax),
    }));

    // The last argument of the last action takes what is left of the card, to the byte.
    private static byte[] ActionsThatFillTheCard(byte[] fields)
    {
        byte[] seven = Repeat(ProtocolLimits.CardActionsMax - 1, Action(1));
        byte[] Whole(int lastBytes) => [.. seven, .. Action(lastBytes)];
        int SizeOf(int lastBytes) => EncodedBytes(Card(fields, Whole(lastBytes), ProtocolLimits.CardActionsMax));
        int left = ProtocolLimits.CardBytesMax - SizeOf(ProtocolLimits.TitleBytesMax);
        byte[] whole = Whole(ProtocolLimits.TitleBytesMax + left - 1);
        whole = EncodedBytes(Card(fields, whole, ProtocolLimits.CardActionsMax)) == ProtocolLimits.CardBytesMax ? whole : Whole(ProtocolLimits.TitleBytesMax + left);
        Assert.Equal(ProtocolLimits.CardBytesMax, EncodedBytes(Card(fields, whole, ProtocolLimits.CardActionsMax)));
        return whole;
    }

    // What an update of nothing but the card has around it.
    private static int EncodedBytes(CardBody card)
    {
        var update = new UpdatePayload { Card = card };
        byte[] payload = new byte[update.EncodedBytesMax];
        Assert.True(update.TryEncode(payload, out int payloadBytes));
        const int HeadAndThreeEmptyFields = 4;
        return payloadBytes - HeadAndThreeEmptyFields;
    }

    private static byte[] Action(int argumentBytes) => Entry(new CardActionEntry
    {
        Label = "l"u8,
        Verb = "v"u8,
        Arguments = new EncodedList<CommandArgument>(Strings(1, argumentBytes), 1),
    });

    private static byte[] Strings(int count, int bytes)
    {
        byte[] encoded = new byte[count * (MessagePackWriter.HeadBytesMax + bytes)];
        var writer = new MessagePackWriter(encoded);
        for (int i = 0; i < count; i++)
        {
            writer.WriteString(Filled(bytes));
        }

        return encoded[..writer.WrittenBytes];
    }

    private static byte[] Entry(ParameterEntry entry) => Written(entry.TryEncode(Room(entry.EncodedBytesMax, out byte[] room), out int bytes), room, bytes);

    private static byte[] Entry(TopicSubjectEntry entry) => Written(entry.TryEncode(Room(entry.EncodedBytesMax, out byte[] room), out int bytes), room, bytes);

    private static byte[] Entry(CardFieldEntry entry) => Written(entry.TryEncode(Room(entry.EncodedBytesMax, out byte[] room), out int bytes), room, bytes);

    private static byte[] Entry(CardActionEntry entry) => Written(entry.TryEncode(Room(entry.EncodedBytesMax, out byte[] room), out int bytes), room, bytes);

    private static byte[] Room(int bytes, out byte[] room) => room = new byte[bytes];

    private static byte[] Written(bool fits, byte[] room, int bytes)
    {
        Assert.True(fits);
        return room[..bytes];
    }

    private static byte[] Repeat(int count, byte[] item) => [.. Enumerable.Repeat(item, count).SelectMany(bytes => bytes)];

    private static byte[] Filled(int bytes)
    {
        var filled = new byte[bytes];
        filled.AsSpan().Fill((byte)'x');
        return filled;
    }
}
