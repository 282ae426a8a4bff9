namespace RelayServer.Master.Services;

/// <summary>Who has subscribed to topics of one service, by the subjects that it knows them by, as far as they were looked for.</summary>
internal sealed class ServiceSubscribers(string service)
{
    public string Service { get; } = service;

    public Dictionary<string, byte[]> BySubject { get; } = new(StringComparer.Ordinal);

    /// <summary>The number, in the index, of the room or inbox to be looked at next.</summary>
    public int NextNumber { get; set; }

    /// <summary>All were looked at.</summary>
    public bool IsComplete { get; set; }
}
