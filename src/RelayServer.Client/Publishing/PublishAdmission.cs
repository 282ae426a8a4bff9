using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// How a publish comes into the ledger and out of it: it waits for room, gets its number and its bytes, and gives its room
/// back when it is settled. Guarded by the ledger's lock.
/// </summary>
internal sealed class PublishAdmission(RelayClientOptions options, PublishQueues queues, ulong producerId)
{
    // A producer that was there before has used the numbers from 1 on: the clock has passed whatever it came to.
    private ulong _lastNumber = options.ProducerId is null
        ? 0
        : (ulong)(options.TimeProvider.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Takes a publish in, lets it wait, or refuses it when too many do.</summary>
    public void Take(PendingPublish pending)
    {
        // Cancelled between its registration and now.
        if (pending.Finished)
        {
            Release(pending);
            queues.Lanes.RemoveIfDone(pending.Lane);
            return;
        }

        if (queues.Room.IsFreeFor(pending))
        {
            pending.EnterLedger();
            AdmitPromised(pending);
        }
        else if (queues.Room.TryWait(pending))
        {
            pending.EnterLedger();
        }
        else
        {
            Release(pending);
            queues.Lanes.RemoveIfDone(pending.Lane);
            pending.Finish(default, new RelayException(
                ErrorCode.Overloaded,
                $"{options.PublishBacklogMessagesMax} publishes wait already: await them, or raise PublishBacklogMessagesMax"));
        }
    }

    /// <summary>Numbers a publish and puts it on its way.</summary>
    public void Admit(PendingPublish pending)
    {
        pending.Encode(producerId, pending.GivenNumber ?? NextNumber());
        queues.Room.Enter(pending);
        if (pending.AckWanted)
        {
            queues.Unanswered.Add(pending.Number, pending);
        }

        queues.Sending.Add(pending);
    }

    /// <summary>A number that nothing else of this client has.</summary>
    public ulong NextNumber()
    {
        do
        {
            _lastNumber++;
        }
        while (queues.Given.ContainsKey(_lastNumber));
        return _lastNumber;
    }

    /// <summary>Notes a number that the caller chose. One that a caller gave up waiting for may be published again.</summary>
    /// <exception cref="InvalidOperationException">It is under way.</exception>
    public void Claim(PendingPublish pending)
    {
        if (pending.GivenNumber is not { } number)
        {
            return;
        }

        if (queues.Given.TryGetValue(number, out PendingPublish? earlier))
        {
            if (!earlier.Finished)
            {
                queues.Lanes.RemoveIfDone(pending.Lane);
                throw new InvalidOperationException($"number {number} is being published already: await it, or give this one another number");
            }

            Settle(earlier);
        }

        queues.Given.Add(number, pending);
    }

    /// <summary>Lets in those that waited and have room now.</summary>
    public void AdmitWaiting()
    {
        while (queues.Room.TakeNext() is { } pending)
        {
            AdmitPromised(pending);
        }
    }

    /// <summary>The ledger is done with a publish, whatever its caller was told.</summary>
    public void Settle(PendingPublish pending)
    {
        pending.Settled = true;
        Release(pending);
        queues.Sending.NoteAnswered(pending);
        queues.Room.Leave(pending);
        queues.Unanswered.Remove(pending.Number);
        if (--pending.Lane.Unsettled == 0)
        {
            pending.Lane.Settled?.TrySetResult();
            pending.Lane.Settled = null;
            queues.Lanes.RemoveIfDone(pending.Lane);
        }
    }

    private void Release(PendingPublish pending)
    {
        if (pending.GivenNumber is { } number && queues.Given.GetValueOrDefault(number) == pending)
        {
            queues.Given.Remove(number);
        }
    }

    private void AdmitPromised(PendingPublish pending)
    {
        Admit(pending);
        if (!pending.AckWanted)
        {
            // Its promise was room, which it has now; its bytes stay in the queue.
            pending.Finish(default, error: null);
        }
    }
}
