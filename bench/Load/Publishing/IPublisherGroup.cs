using RelayServer.Bench.Measurement;

namespace RelayServer.Bench.Load.Publishing;

/// <summary>The publishing side of a run: some members that also publish.</summary>
internal interface IPublisherGroup : IAsyncDisposable
{
    /// <summary>Largest payload and window that the relay allows.</summary>
    int WindowMessagesMax { get; }

    /// <summary>What came of the messages up to now.</summary>
    PublishTotals Totals { get; }

    /// <summary>CPU of publishing, when it is known apart from the rest of the generator.</summary>
    ThreadUsage? Usage { get; }

    /// <summary>What went wrong, for people.</summary>
    IReadOnlyCollection<string> Problems { get; }

    /// <summary>Connects and joins.</summary>
    Task ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Starts to publish by the plan, and stops by itself at its end.</summary>
    void Start(PublishPlan plan);

    /// <summary>Ends at the plan's end, once all messages are answered or the time for that is over.</summary>
    Task CompleteAsync(TimeSpan answerTimeout);

    /// <summary>All acks, in no order. To be read when complete.</summary>
    IReadOnlyList<Ack> Acks { get; }
}
