using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>
/// What people write to have a room, or their inbox, told of a topic. The relay itself reads it as two verbs that every service has, like
/// its help; clients may have lines of their own for the same.
/// </summary>
public static class SubscriptionWords
{
    /// <summary>The verb that subscribes, or changes what was subscribed to.</summary>
    public const string Subscribe = "subscribe";

    /// <summary>The verb that ends it.</summary>
    public const string Unsubscribe = "unsubscribe";

    /// <summary>Stands before the time of a subscription.</summary>
    public const string TimeWord = "for";

    /// <summary>Whether a verb is one of the two.</summary>
    public static bool IsVerb(string verb) => verb is Subscribe or Unsubscribe;

    /// <summary>How one of them is written.</summary>
    public static string UsageOf(string verb) => verb == Subscribe ? $"{Subscribe} TOPIC [SUBJECT…] [{TimeWord} TIME]" : $"{Unsubscribe} TOPIC";

    /// <summary>What one of them does, in one line.</summary>
    public static string SummaryOf(string verb) =>
        verb == Subscribe ? "has the room, or your inbox, told what is new, of some subjects or of all" : "has it told no longer";

    /// <summary>Reads what comes behind one of the two verbs of a service.</summary>
    /// <param name="service">The service, which goes without saying before its topics.</param>
    /// <param name="verb">One of the two.</param>
    /// <param name="words">A topic; to subscribe then subjects, and <c>for</c> and a time.</param>
    /// <param name="nowMilliseconds">From when the time counts.</param>
    /// <param name="control">What is to be done.</param>
    /// <returns>What is wrong, for people; null when nothing is.</returns>
    public static string? Read(string service, string verb, IReadOnlyList<string> words, ulong nowMilliseconds, out RoomControl? control)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(words);
        control = null;
        if (words.Count == 0)
        {
            return "the topic is missing";
        }

        string topic = words[0].StartsWith(service + ".", StringComparison.Ordinal) ? words[0] : $"{service}.{words[0]}";
        if (!TopicName.IsValid(topic))
        {
            return $"'{words[0]}' is no topic of {service}; /help {service} lists them";
        }

        List<string> subjects = [.. words.Skip(1)];
        if (verb == Unsubscribe)
        {
            control = RoomControl.Unsubscribe(topic);
            return subjects.Count > 0 ? $"'{subjects[0]}' is too much" : null;
        }

        if (TakeTime(subjects, nowMilliseconds, out ulong expiresAtMilliseconds) is { } problem)
        {
            return problem;
        }

        control = RoomControl.Subscribe(topic, subjects, expiresAtMilliseconds);
        return control.Check()?.Text;
    }

    /// <summary>Takes <c>for</c> and a time from the end of words, where they are.</summary>
    /// <param name="words">Of one who subscribes, behind the topic.</param>
    /// <param name="nowMilliseconds">From when the time counts.</param>
    /// <param name="expiresAtMilliseconds">When it ends; 0: never.</param>
    /// <returns>What is wrong, for people; null when nothing is.</returns>
    public static string? TakeTime(List<string> words, ulong nowMilliseconds, out ulong expiresAtMilliseconds)
    {
        ArgumentNullException.ThrowIfNull(words);
        expiresAtMilliseconds = 0;
        if (words is [.., TimeWord])
        {
            return $"behind '{TimeWord}' comes a time: {Duration.SecondsRule}";
        }

        if (words is not [.., TimeWord, var time])
        {
            return null;
        }

        if (!Duration.TryParseSeconds(time, out uint seconds))
        {
            return Duration.Refusal(time);
        }

        expiresAtMilliseconds = seconds == RoomLimits.ForGoodSeconds ? 0 : nowMilliseconds + (seconds * 1000UL);
        words.RemoveRange(words.Count - 2, 2);
        return null;
    }
}
