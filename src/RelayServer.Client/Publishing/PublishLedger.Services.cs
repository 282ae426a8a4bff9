using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>What services have to do with publishes.</summary>
internal sealed partial class PublishLedger
{
    /// <summary>A number for something else than a publish that is named as publishes are.</summary>
    public ulong TakeNumber()
    {
        lock (_gate)
        {
            return _admission.NextNumber();
        }
    }

    /// <summary>
    /// Settles a text that the relay took for a command: it was published through an edge that knew none, and sent again to one
    /// that does.
    /// </summary>
    public void FailAsCommand(ulong number)
    {
        lock (_gate)
        {
            if (_queues.TryGetSent(number, out PendingPublish? pending))
            {
                Answer(pending, default, new RelayException("the relay has taken the text for a command, because it begins with '/'"));
                AfterAnswers();
            }
        }
    }

    // An edge that does not know them would end the connection.
    private void FailUpdatesUnless(bool hasServices)
    {
        if (hasServices)
        {
            return;
        }

        foreach (PublishLane lane in _queues.Lanes.All.ToArray())
        {
            foreach (PendingPublish pending in _queues.UnsettledOf(lane).Where(pending => pending.Kind == MessageKind.Update))
            {
                Answer(pending, default, MissingCapability.Services());
            }
        }
    }
}
