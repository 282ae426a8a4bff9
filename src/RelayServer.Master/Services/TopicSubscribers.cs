namespace RelayServer.Master.Services;

/// <summary>Who wants what of one topic, by the numbers of rooms and inboxes.</summary>
internal sealed class TopicSubscribers
{
    private readonly HashSet<int> _toAll = [];
    private readonly Dictionary<string, HashSet<int>> _bySubject = new(StringComparer.Ordinal);

    public bool IsEmpty => _toAll.Count == 0 && _bySubject.Count == 0;

    public void Add(int channel, IReadOnlyList<string> subjects)
    {
        if (subjects.Count == 0)
        {
            _toAll.Add(channel);
        }

        foreach (string subject in subjects)
        {
            if (!_bySubject.TryGetValue(subject, out HashSet<int>? channels))
            {
                channels = [];
                _bySubject.Add(subject, channels);
            }

            channels.Add(channel);
        }
    }

    public void Remove(int channel, IReadOnlyList<string> subjects)
    {
        _toAll.Remove(channel);
        foreach (string subject in subjects)
        {
            if (_bySubject.TryGetValue(subject, out HashSet<int>? channels) && channels.Remove(channel) && channels.Count == 0)
            {
                _bySubject.Remove(subject);
            }
        }
    }

    /// <summary>Those that want all, or one of these subjects; each once.</summary>
    public int[] Find(IReadOnlyList<string> subjects)
    {
        HashSet<int>[] sets = [.. subjects.Distinct(StringComparer.Ordinal).Select(subject => _bySubject.GetValueOrDefault(subject)!).Prepend(_toAll).Where(set => set is { Count: > 0 })];
        if (sets.Length == 1)
        {
            return [.. sets[0]];
        }

        var found = new HashSet<int>(sets.Sum(set => set.Count));
        foreach (HashSet<int> set in sets)
        {
            found.UnionWith(set);
        }

        return [.. found];
    }
}
