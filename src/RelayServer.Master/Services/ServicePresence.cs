using System.Text;
using RelayServer.Master.Channels;
using RelayServer.Master.Sequencing;
using RelayServer.Protocol;

namespace RelayServer.Master.Services;

/// <summary>Tells rooms and inboxes that have to do with a service that it has come, or has been gone for a while.</summary>
internal sealed class ServicePresence(ServiceDirectory directory, ChannelTable channels, DirectRelay relay)
{
    // One that restarts, or whose edge finds a new owner, is not worth a word.
    private const ulong AwayMilliseconds = ServiceDesk.WaitMilliseconds;

    private bool _hasTold;

    /// <summary>
    /// A service has an instance. Told at once: who lets it in after that knows it as one that is there. Where many come together, as after a
    /// restart, all but the first are told together. Before it is known who was there before, nobody is told.
    /// </summary>
    public void Came(RegisteredService service)
    {
        if (!service.IsAnnounced && !_hasTold && directory.IsComplete)
        {
            service.IsAnnounced = true;
            Tell([service]);
        }
    }

    /// <summary>Four times a second: who has come since, or has been away for a while, is said to be.</summary>
    public void Tick(ulong nowMilliseconds)
    {
        List<RegisteredService> changed = [];
        foreach (RegisteredService service in directory.IsComplete ? directory.All : [])
        {
            service.AwaySinceMilliseconds = service.IsAvailable ? null : service.AwaySinceMilliseconds ?? nowMilliseconds;
            service.IsGone = nowMilliseconds - service.AwaySinceMilliseconds >= AwayMilliseconds;
            if (service.IsAnnounced ? service.IsGone : service.IsAvailable)
            {
                service.IsAnnounced = service.IsAvailable;
                changed.Add(service);
            }
        }

        if (changed.Count > 0)
        {
            Tell(changed);
        }

        _hasTold = false;
    }

    // Looks at every channel in memory, once for all, and so at most twice between two ticks.
    private void Tell(List<RegisteredService> services)
    {
        _hasTold = true;
        foreach (ChannelState channel in channels.All)
        {
            if (channel.Interested.Count == 0 || channel.Room.Version == 0)
            {
                continue;
            }

            foreach (RegisteredService service in services)
            {
                if (channel.Room.HasLetIn(service.Profile.Name))
                {
                    Tell(channel, service);
                }
            }
        }
    }

    private void Tell(ChannelState channel, RegisteredService service)
    {
        var body = new ServiceBody { Channel = channel.Name, Name = Encoding.UTF8.GetBytes(service.Profile.Name), IsAvailable = service.IsAvailable };
        relay.Push(channel, FrameType.Service, body.ToBytes());
    }
}
