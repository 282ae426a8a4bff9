using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>Writes the answers to questions for menus, a page at a time.</summary>
public sealed class MenuEncoder
{
    // A page ends before the one frame is full that it must go into.
    private const int PageBytesMax = 64 * 1024;

    private readonly ArrayWriter _entries = new();
    private readonly string _after;
    private readonly MenuKind _afterKind;
    private readonly int _max;
    private bool _hasMore;

    /// <summary>A page.</summary>
    /// <param name="query">The question.</param>
    public MenuEncoder(in QueryBody query)
    {
        _after = Encoding.UTF8.GetString(query.After);
        _afterKind = (MenuKind)query.AfterKind;
        _max = query.Max == 0 ? ProtocolLimits.MenuEntriesMax : query.Max;
    }

    /// <summary>The services, in the order of their names.</summary>
    public MenuEncoder AddServices(IEnumerable<(ServiceProfile Service, bool IsAvailable)> services, RoomState here, string locale)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(here);
        foreach ((ServiceProfile service, bool isAvailable) in services)
        {
            MenuFlags flags = (isAvailable ? MenuFlags.Available : 0) | (here.HasLetIn(service.Name) ? MenuFlags.Chosen : 0);
            Add(MenuKind.Service, service.Name, service.Title(locale), service.Description(locale), flags);
        }

        return this;
    }

    /// <summary>What a service can do, and then what it tells of.</summary>
    public MenuEncoder AddService(ServiceProfile service, RoomState here, string locale)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(here);
        foreach (ProfileVerb verb in service.Verbs.Values)
        {
            MenuFlags flags = (verb.AnswersRoom ? MenuFlags.AnswersRoom : 0) | (verb.NeedsItem ? MenuFlags.NeedsItem : 0);
            Add(MenuKind.Verb, verb.Name, verb.Usage, service.Summary(verb, locale), flags);
        }

        foreach (ProfileTopic topic in service.Topics.Values)
        {
            string name = $"{service.Name}.{topic.Name}";
            MenuFlags flags = (topic.IsOpen ? MenuFlags.Open : 0) | (here.FindSubscription(name) is null ? 0 : MenuFlags.Chosen);
            Add(MenuKind.Topic, name, service.Title(topic, locale), "", flags);
        }

        return this;
    }

    /// <summary>The subjects of a topic.</summary>
    public MenuEncoder AddSubjects(string topicName, ProfileTopic topic, RoomState here)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(here);
        Subscription? subscription = here.FindSubscription(topicName);
        foreach ((string subject, string title) in topic.Subjects)
        {
            Add(MenuKind.Subject, subject, title, "", subscription?.Wants([subject]) == true ? MenuFlags.Chosen : MenuFlags.None);
        }

        return this;
    }

    /// <summary>The body of the ANSWER.</summary>
    public byte[] Encode(ReadOnlySpan<byte> channel)
    {
        var body = new MenuBody { Channel = channel, Entries = new EncodedList<MenuEntry>(_entries.Written, _entries.Count), HasMore = _hasMore };
        return body.ToBytes();
    }

    private void Add(MenuKind kind, string name, string title, string description, MenuFlags flags)
    {
        bool isBehind = kind == _afterKind ? Utf8Order.Instance.Compare(name, _after) > 0 : kind > _afterKind;
        if (!isBehind || _hasMore)
        {
            return;
        }

        var entry = new MenuEntry
        {
            Kind = kind,
            Name = Encoding.UTF8.GetBytes(name),
            Title = Encoding.UTF8.GetBytes(title),
            Description = Encoding.UTF8.GetBytes(description),
            Flags = flags,
        };
        _hasMore = _entries.Count == _max || _entries.Written.Length + entry.EncodedBytesMax > PageBytesMax;
        if (!_hasMore)
        {
            entry.TryEncode(_entries.Reserve(entry.EncodedBytesMax), out int bytes);
            _entries.Added(bytes);
        }
    }
}
