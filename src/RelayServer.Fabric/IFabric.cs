namespace RelayServer.Fabric;

/// <summary>
/// What edges and masters use to talk and to store. Two implementations, one contract: everything said here is proved
/// for both by the same test suite.
/// </summary>
public interface IFabric : IAsyncDisposable
{
    /// <summary>True while the fabric can be reached. Reads, sends and flushes made while it is false fail at once.</summary>
    bool IsConnected { get; }

    /// <summary>Why <see cref="IsConnected"/> is false, for an operator; null while it is true.</summary>
    string? NotReadyReason { get; }

    /// <summary>Raised, outside any lock, with the new value whenever <see cref="IsConnected"/> changes.</summary>
    event Action<bool>? ConnectionChanged;

    /// <summary>
    /// Makes <paramref name="masterId"/> the owner of all slots and fences every earlier owner: from the moment this
    /// returns, no flush that names an older epoch is applied. Tells <see cref="FabricAddress.Slots"/>.
    /// </summary>
    /// <param name="masterId">The new owner.</param>
    /// <param name="epochFloor">The new epochs are above this, also when the store has forgotten it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The new epoch of each slot, by slot number.</returns>
    Task<IReadOnlyList<SlotOwner>> ClaimSlotsAsync(string masterId, ulong epochFloor, CancellationToken cancellationToken);

    /// <summary>The present owner of each slot that has one.</summary>
    Task<IReadOnlyList<SlotOwner>> ReadSlotsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Sends to one address, at most once, in order per sender and address. True when the fabric took it; a message
    /// to an address that nobody subscribes to is gone. The bytes are the caller's again as soon as the call returns,
    /// before the task that it returns has ended: what is needed longer has been copied.
    /// </summary>
    ValueTask<bool> SendAsync(FabricAddress to, ReadOnlyMemory<byte> message, CancellationToken cancellationToken);

    /// <summary>
    /// Receives what is sent to an address, one message at a time, in order, on a thread of the pool. The handler must
    /// return quickly; it may keep the bytes it is given, but not change them. A subscriber that is too far behind
    /// loses messages. Survives a lost connection; what was sent meanwhile is gone. While there is no connection the
    /// subscription begins with the next one. When its disposal has completed the handler does not run any more.
    /// </summary>
    Task<IAsyncDisposable> SubscribeAsync(FabricAddress address, Action<ReadOnlyMemory<byte>> handler, CancellationToken cancellationToken);

    /// <summary>
    /// Appends and relays in one atomic step, or does nothing at all. When the outcome is
    /// <see cref="FlushStatus.Unavailable"/> it may have been applied: calling again with the same flush is safe and
    /// is the only right thing to do: an entry that is in its log already is not appended again, and the relays are
    /// sent again. Trims (<see cref="FabricFlush.Trims"/>) and drops (<see cref="FabricFlush.Drops"/>) come after the
    /// appends; records (<see cref="FabricFlush.Records"/>) are written with them. The flush and its bytes must not change until this has completed.
    /// </summary>
    /// <exception cref="ArgumentException">The flush is malformed or beyond <see cref="FabricLimits"/>.</exception>
    ValueTask<FlushStatus> FlushAsync(FabricFlush flush, CancellationToken cancellationToken);

    /// <summary>
    /// Reads entries from the one whose (epoch, last seq) is at or after the given pair, in log order. At least one
    /// entry is returned when there is one, whatever its size.
    /// </summary>
    /// <exception cref="FabricUnavailableException">The store cannot be reached now.</exception>
    Task<LogPage> ReadFromAsync(LogKey log, ulong epoch, ulong seq, int bytesMax, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the entries that hold the last <paramref name="messages"/> messages, in log order. Where the bound on
    /// bytes allows fewer, the newest ones, at least one.
    /// </summary>
    /// <exception cref="FabricUnavailableException">The store cannot be reached now.</exception>
    Task<LogPage> ReadTailAsync(LogKey log, int messages, int bytesMax, CancellationToken cancellationToken);

    /// <summary>
    /// Goes through all logs that have entries, about <paramref name="max"/> at a time: from <paramref name="cursor"/>
    /// 0 on, with the answer's <see cref="LogList.Next"/>, until that is 0 again. A log that is there all the while is
    /// listed at least once; in no order, and perhaps more than once. Meant for slow work in the background.
    /// </summary>
    /// <exception cref="FabricUnavailableException">The store cannot be reached now.</exception>
    Task<LogList> ListLogsAsync(ulong cursor, int max, CancellationToken cancellationToken);

    /// <summary>The body last written under this name; null when none ever was.</summary>
    /// <exception cref="FabricUnavailableException">The store cannot be reached now.</exception>
    Task<byte[]?> ReadRecordAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Goes through all records, about <paramref name="max"/> at a time, in the way of <see cref="ListLogsAsync"/>. A record
    /// that is written meanwhile may come with its old body.
    /// </summary>
    /// <exception cref="FabricUnavailableException">The store cannot be reached now.</exception>
    Task<RecordList> ListRecordsAsync(ulong cursor, int max, CancellationToken cancellationToken);
}
