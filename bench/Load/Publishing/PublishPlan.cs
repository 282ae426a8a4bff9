using RelayServer.Bench.Measurement;

namespace RelayServer.Bench.Load.Publishing;

/// <summary>What is to be published, and when.</summary>
/// <param name="Publishers">How many publishers take turns.</param>
/// <param name="StartNanoseconds">When the warm-up starts.</param>
/// <param name="MeasuredNanoseconds">When the measured phase starts.</param>
/// <param name="EndNanoseconds">When publishing ends.</param>
/// <param name="MessagesPerSecond">Open loop: the rate of all publishers together; 0 for a closed loop.</param>
/// <param name="WindowMessages">Most unanswered messages of one publisher.</param>
internal sealed record PublishPlan(
    int Publishers, long StartNanoseconds, long MeasuredNanoseconds, long EndNanoseconds, double MessagesPerSecond, int WindowMessages)
{
    // A schedule finer than this would cost more wake-ups than messages are worth; latency is taken from the schedule
    // all the same, so what this adds is measured, not hidden.
    private const long WakeNanosecondsMin = 100_000;

    // Deliveries and answers do not wake who publishes: it looks again after this.
    private const long CheckNanoseconds = 500_000;

    /// <summary>True when the schedule, not the answers, says when to send.</summary>
    public bool IsOpenLoop => MessagesPerSecond > 0;

    /// <summary>
    /// When a publisher is to send its message of a number: message i of all is due i / rate after the start, and
    /// publishers take turns. In a closed loop everything is due from the start.
    /// </summary>
    public long DueNanoseconds(int publisher, long number) => IsOpenLoop
        ? StartNanoseconds + (long)(((number * Publishers) + publisher) * (Clock.NanosecondsPerSecond / MessagesPerSecond))
        : StartNanoseconds;

    /// <summary>
    /// True when a publisher's message of a number is due, with the time it is to be stamped with: that of the
    /// schedule in an open loop, the present one in a closed loop.
    /// </summary>
    public bool TryNext(int publisher, long number, long nowNanoseconds, out long intendedNanoseconds)
    {
        long due = DueNanoseconds(publisher, number);
        intendedNanoseconds = IsOpenLoop ? due : nowNanoseconds;
        return due <= nowNanoseconds && intendedNanoseconds < EndNanoseconds;
    }

    /// <summary>
    /// How many more messages may be sent: a closed loop counts a message as under way until the members have it,
    /// not only until it is acked, or it would measure how fast the log takes messages.
    /// </summary>
    /// <param name="underWay">Messages sent, not refused, and not received by the members on average.</param>
    public long RoomMessages(long underWay) => IsOpenLoop ? long.MaxValue : ((long)Publishers * WindowMessages) - underWay;

    /// <summary>When to look again for what may be sent.</summary>
    public long WakeNanoseconds(ReadOnlySpan<PublishTotals> publishers, long nowNanoseconds)
    {
        long next = IsOpenLoop ? long.MaxValue : nowNanoseconds + CheckNanoseconds;
        for (int i = 0; i < publishers.Length && IsOpenLoop; i++)
        {
            bool windowFull = publishers[i].Unanswered >= WindowMessages;
            next = Math.Min(next, windowFull ? nowNanoseconds + CheckNanoseconds : DueNanoseconds(i, publishers[i].Sent));
        }

        return Math.Max(next, nowNanoseconds + WakeNanosecondsMin);
    }

    /// <summary>The phase that a time is in.</summary>
    public LoadPhase PhaseOf(long nanoseconds) => nanoseconds < MeasuredNanoseconds ? LoadPhase.WarmUp : LoadPhase.Measured;
}
