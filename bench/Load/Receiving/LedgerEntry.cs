namespace RelayServer.Bench.Load.Receiving;

/// <summary>What a <see cref="MessageLedger"/> says of a message.</summary>
internal enum LedgerEntry
{
    /// <summary>Not seen before, after all earlier ones of its publisher.</summary>
    New,

    /// <summary>Seen before at the same place: another member's copy.</summary>
    SeenBefore,

    /// <summary>Seen before at another place: the log has it twice.</summary>
    Duplicate,

    /// <summary>Not seen before, but the log has it after a later one of its publisher.</summary>
    OutOfOrder,
}
