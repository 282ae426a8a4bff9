using System.Text;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Services;

/// <summary>Bodies as services and their users write them.</summary>
internal static class Bodies
{
    /// <summary>
    /// A service "news": <c>latest [COUNT]</c> to the caller, <c>comment #ITEM TEXT…</c> and <c>share #ITEM ROOM</c> to a room; the closed topic
    /// headlines with world and economy, and the open topic alerts.
    /// </summary>
    public static byte[] News(string name = "news", uint deadlineMilliseconds = 0, string title = "News", bool hasAlerts = true)
    {
        byte[] count = Parameter("count", ParameterKind.Number, isOptional: true);
        byte[] text = Parameter("text", ParameterKind.Rest, isOptional: false);
        byte[] room = Parameter("room", ParameterKind.Room, isOptional: false);
        byte[][] verbs =
        [
            Verb("latest", VerbFlags.None, deadlineMilliseconds, count),
            Verb("comment", VerbFlags.AnswersRoom | VerbFlags.NeedsItem, deadlineMilliseconds, text),
            Verb("share", VerbFlags.AnswersRoom | VerbFlags.NeedsItem, deadlineMilliseconds, room),
        ];
        byte[] headlines = Topic("headlines", isOpen: false, "economy", "world");
        return Definition(
            name, title, "What goes on", verbs, hasAlerts ? [headlines, Topic("alerts", isOpen: true)] : [headlines], [Text("de", "title", "Nachrichten")]);
    }

    public static byte[] Definition(string name, string title, string description, byte[][] verbs, byte[][] topics, byte[][] texts)
    {
        byte[][] lists = [[.. verbs.SelectMany(one => one)], [.. topics.SelectMany(one => one)], [.. texts.SelectMany(one => one)]];
        return Encode(
            (Span<byte> room, out int bytes) => new RegisterBody
            {
                Name = Utf8(name), Title = Utf8(title), Description = Utf8(description), Verbs = new EncodedList<VerbEntry>(lists[0], verbs.Length),
                Topics = new EncodedList<TopicEntry>(lists[1], topics.Length), Texts = new EncodedList<LocaleTextEntry>(lists[2], texts.Length),
            }.TryEncode(room, out bytes));
    }

    public static byte[] Command(
        string service, string verb, string[] arguments, string? channel = null, string item = "", ulong number = 1, ulong producerId = 5, string locale = "")
    {
        byte[] encoded = [.. arguments.SelectMany(argument => String(argument))];
        return Encode((Span<byte> room, out int bytes) => new CommandBody
        {
            Channel = Utf8(channel ?? ""), Item = Utf8(item), ProducerId = producerId, Number = number, Locale = Utf8(locale), Service = Utf8(service), Verb = Utf8(verb),
            Arguments = new EncodedList<CommandArgument>(encoded, arguments.Length),
        }.TryEncode(room, out bytes));
    }

    /// <summary>A RETURN; with a card where that has an item.</summary>
    public static byte[] Return(ulong ticket, string text = "done", ReturnStatus status = ReturnStatus.Done, string? item = null, string link = "") => Encode(
        (Span<byte> room, out int bytes) => new ReturnBody
        {
            Ticket = ticket, Status = status, Text = Utf8(text), HasCard = item is not null, Card = new CardBody { Item = Utf8(item ?? ""), Title = "A title"u8, Link = Utf8(link) },
        }.TryEncode(room, out bytes));

    public static byte[] Update(string topic, string[] subjects, string item = "item-1", string service = "news", string link = "", int textBytes = 0)
    {
        byte[] encoded = [.. subjects.SelectMany(subject => String(subject))];
        return Encode((Span<byte> room, out int bytes) => new UpdatePayload
        {
            Service = Utf8(service), Topic = Utf8(topic), Subjects = new EncodedList<SubjectName>(encoded, subjects.Length),
            Card = new CardBody { Item = Utf8(item), Title = "A title"u8, Link = Utf8(link), Text = new byte[textBytes].Select(_ => (byte)'a').ToArray() },
        }.TryEncode(room, out bytes));
    }

    public static byte[] Query(QueryKind what, string? channel = null, string service = "", string topic = "", string after = "", MenuKind afterKind = 0, byte max = 0, string locale = "") => Encode(
        (Span<byte> room, out int bytes) => new QueryBody
        {
            What = what, Channel = Utf8(channel ?? ""), Service = Utf8(service), Topic = Utf8(topic), After = Utf8(after), AfterKind = (byte)afterKind, Max = max, Locale = Utf8(locale),
        }.TryEncode(room, out bytes));

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private delegate bool Encoder(Span<byte> room, out int bytes);

    private static byte[] Encode(Encoder encode)
    {
        byte[] room = new byte[64 * 1024];
        Assert.True(encode(room, out int bytes));
        return room[..bytes];
    }

    public static byte[] Parameter(string name, ParameterKind kind, bool isOptional, string summary = "what it is") => Encode(
        (Span<byte> room, out int bytes) => new ParameterEntry { Name = Utf8(name), Summary = Utf8(summary), Kind = kind, IsOptional = isOptional }.TryEncode(room, out bytes));

    public static byte[] Verb(string name, VerbFlags flags, uint deadlineMilliseconds, params byte[][] parameters)
    {
        byte[] encoded = [.. parameters.SelectMany(parameter => parameter)];
        return Encode((Span<byte> room, out int bytes) => new VerbEntry
        {
            Name = Utf8(name), Summary = "what it does"u8, Flags = flags, DeadlineMilliseconds = deadlineMilliseconds,
            Parameters = new EncodedList<ParameterEntry>(encoded, parameters.Length),
        }.TryEncode(room, out bytes));
    }

    public static byte[] Topic(string name, bool isOpen, params string[] subjects)
    {
        byte[] encoded = [.. subjects.SelectMany(subject => Encode(
            (Span<byte> room, out int bytes) => new TopicSubjectEntry { Name = Utf8(subject), Title = Utf8(subject) }.TryEncode(room, out bytes)))];
        return Encode((Span<byte> room, out int bytes) => new TopicEntry
        {
            Name = Utf8(name), Title = Utf8(name), IsOpen = isOpen, Subjects = new EncodedList<TopicSubjectEntry>(encoded, subjects.Length),
        }.TryEncode(room, out bytes));
    }

    public static byte[] Text(string locale, string key, string text) => Encode(
        (Span<byte> room, out int bytes) => new LocaleTextEntry { Locale = Utf8(locale), Key = Utf8(key), Text = Utf8(text) }.TryEncode(room, out bytes));

    private static byte[] String(string text) => Encode((Span<byte> room, out int bytes) =>
    {
        var writer = new MessagePackWriter(room);
        writer.WriteString(Utf8(text));
        bytes = writer.WrittenBytes;
        return true;
    });
}
