using RelayServer.Rooms;

namespace RelayServer.Master.Services;

/// <summary>A service as it said it was when it registered last, and its instances.</summary>
internal sealed class RegisteredService(ServiceProfile profile, byte[] encoded)
{
    public ServiceProfile Profile { get; set; } = profile;

    /// <summary>What was registered, as it is saved.</summary>
    public byte[] Encoded { get; set; } = encoded;

    public List<ServiceInstance> Instances { get; } = [];

    /// <summary>Calls for which there is no instance, oldest first.</summary>
    public LinkedList<ServiceCall> Waiting { get; } = new();

    /// <summary>Calls under way and waiting.</summary>
    public int CallCount { get; set; }

    /// <summary>What the members of rooms have been told.</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>Since when there has been no instance, as far as this owner knows; null where it has yet to look.</summary>
    public ulong? AwaySinceMilliseconds { get; set; }

    /// <summary>When it was looked at last, it had been away for too long to be one that restarts, or whose edge finds a new owner.</summary>
    public bool IsGone { get; set; }

    public bool IsAvailable => Instances.Count > 0;

    /// <summary>No instance is there or about to come, and nobody waits for one.</summary>
    public bool IsUnused => !IsAvailable && IsGone && CallCount == 0;

    public ServiceInstance? Find(ulong session, Links.EdgeLink link) => Instances.Find(instance => instance.Session == session && instance.Link == link);

    /// <summary>The one that has least to do; of several the one that was asked longest ago.</summary>
    public ServiceInstance? Pick()
    {
        ServiceInstance? picked = Instances.MinBy(instance => instance.Calls.Count);
        if (picked is not null)
        {
            Instances.Remove(picked);
            Instances.Add(picked);
        }

        return picked;
    }
}
