using RelayServer.Master.Sequencing;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Services;

/// <summary>
/// The services that have registered, by name; what they said of themselves is saved, and outlives their instances. Where there are as many as
/// there may be, one of which nobody has need any more makes room for another.
/// </summary>
internal sealed class ServiceDirectory(FlushBuilder builder)
{
    /// <summary>What the name of the record begins with in which a service is saved.</summary>
    public const string RecordPrefix = "service:";

    /// <summary>Services that there can be, with instances, with subscribers, or for as long as there is room.</summary>
    public const int ServicesMax = 256;

    private static readonly ControlRefusal s_incomplete = new(
        ErrorCode.Unavailable, "the services are being looked up; try again", Refusals.RetryAfterMilliseconds);

    private readonly SortedList<string, RegisteredService> _byName = new(StringComparer.Ordinal);

    /// <summary>Told what a service has said of itself before, when that is no longer so; it may be gone.</summary>
    public event Action<ServiceProfile>? Changed;

    /// <summary>Tells whether anybody has subscribed to a topic.</summary>
    public Predicate<string> HasSubscribers { get; set; } = _ => true;

    /// <summary>Everything that is saved of services and subscriptions is known.</summary>
    public bool IsComplete { get; set; }

    /// <summary>In the order of their names.</summary>
    public IEnumerable<RegisteredService> All => _byName.Values;

    /// <summary>The same, as menus and help want them.</summary>
    public IEnumerable<(ServiceProfile Service, bool IsAvailable)> Profiles => _byName.Values.Select(service => (service.Profile, service.IsAvailable));

    public RegisteredService? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The topic of a name as service.topic; null when there is none.</summary>
    public ProfileTopic? FindTopic(string name) => Find(TopicName.ServiceOf(name))?.Profile.FindTopic(name);

    /// <summary>What is answered to who asks for help: about all services, one, or one verb of it; null when there is no such service.</summary>
    public string? FindHelp(string name, string verbName, string locale)
    {
        if (name.Length == 0)
        {
            return HelpText.Of(Profiles, locale);
        }

        ServiceProfile? service = Find(name)?.Profile;
        return service is null ? null
            : service.Verbs.TryGetValue(verbName, out ProfileVerb? verb) ? HelpText.Of(service, verb, locale)
            : SubscriptionWords.IsVerb(verbName) ? HelpText.OfSubscribing(service, verbName)
            : HelpText.Of(service, locale);
    }

    /// <summary>Why a service cannot be let in; null when it can.</summary>
    public ControlRefusal? CheckService(string name) => !IsComplete ? s_incomplete
        : Find(name) is null ? new ControlRefusal(ErrorCode.UnknownService, $"there is no service {name}")
        : null;

    /// <summary>Why a subscription to a topic with these subjects cannot be; null when it can.</summary>
    public ControlRefusal? CheckTopic(string name, IReadOnlyList<string> subjects)
    {
        // With the longest names the text still fits an ERROR.
        const int NamedMax = 3;
        if (!IsComplete)
        {
            return s_incomplete;
        }

        if (FindTopic(name) is not { } topic)
        {
            string service = TopicName.ServiceOf(name);
            return new ControlRefusal(ErrorCode.NotFound, Find(service) is { } known
                ? $"there is no topic {name}; {service} has {Some(known.Profile.Topics.Keys.Select(key => $"{service}.{key}"), NamedMax)}"
                : $"there is no topic {name}, and no service {service}");
        }

        return topic.FindUnknown(subjects) is not { } unknown
            ? null
            : new ControlRefusal(ErrorCode.NotFound, $"topic {name} has no subject {unknown}; it has {Some(topic.Subjects.Keys, NamedMax)}");
    }

    /// <summary>Takes over what a service says of itself; null when there is no room for another service.</summary>
    public RegisteredService? Put(ServiceProfile profile, ReadOnlySpan<byte> encoded)
    {
        RegisteredService? service = Find(profile.Name);
        if (service is not null && encoded.SequenceEqual(service.Encoded))
        {
            return service;
        }

        if (service is null)
        {
            // Before all are known, one that seems new may be one that its edge only tells of anew: none is refused until then.
            while (IsComplete && _byName.Count >= ServicesMax)
            {
                if (!TryForgetOne())
                {
                    return null;
                }
            }

            service = new RegisteredService(profile, encoded.ToArray());
            _byName.Add(profile.Name, service);
        }
        else
        {
            ServiceProfile before = service.Profile;
            (service.Profile, service.Encoded) = (profile, encoded.ToArray());
            Changed?.Invoke(before);
        }

        builder.SaveRecord(RecordPrefix + profile.Name, service.Encoded);
        return service;
    }

    /// <summary>What is saved of a service; what is known already stays. As far as members know it is there: the owner before has told them.</summary>
    public void Restore(ServiceProfile profile, byte[] encoded)
    {
        _byName.TryAdd(profile.Name, new RegisteredService(profile, encoded));
        _byName[profile.Name].IsAnnounced = true;
    }

    public void Clear()
    {
        _byName.Clear();
        IsComplete = false;
    }

    // The one that has been away for longest. Rooms that have invited it keep that: it is in again when it comes again.
    private bool TryForgetOne()
    {
        RegisteredService? unwanted = _byName.Values.Where(service => service.IsUnused && !IsWanted(service.Profile)).MinBy(service => service.AwaySinceMilliseconds);
        if (unwanted is null)
        {
            return false;
        }

        _byName.Remove(unwanted.Profile.Name);
        builder.SaveRecord(RecordPrefix + unwanted.Profile.Name, []);
        Changed?.Invoke(unwanted.Profile);
        return true;
    }

    private bool IsWanted(ServiceProfile profile) => profile.Topics.Keys.Any(topic => HasSubscribers($"{profile.Name}.{topic}"));

    private static string Some(IEnumerable<string> names, int max)
    {
        string[] some = [.. names.Take(max + 1)];
        return some.Length == 0 ? "none" : string.Join(", ", some.Take(max)) + (some.Length > max ? " and more" : "");
    }
}
