namespace RelayServer.Bench.Load.Publishing;

/// <summary>What came of the messages that were published.</summary>
/// <param name="Sent">Handed to the relay.</param>
/// <param name="Acked">In the log, says the relay.</param>
/// <param name="Refused">Refused by the relay.</param>
internal readonly record struct PublishTotals(long Sent, long Acked, long Refused)
{
    /// <summary>Neither acked nor refused yet.</summary>
    public long Unanswered => Sent - Acked - Refused;
}
