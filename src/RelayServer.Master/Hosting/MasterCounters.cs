using RelayServer.Protocol;

namespace RelayServer.Master.Hosting;

/// <summary>Running totals of the state machine; read by the metrics, written by its one thread.</summary>
internal sealed class MasterCounters
{
    public long Publishes;
    public long Duplicates;
    public long Refusals;
    public long InterestsRefused;
    public long ChannelsEvicted;
    public long Ephemerals;
    public long EphemeralsDropped;
    public long EntryBytes;
    public long RelayBytes;
    public long ChannelsExpired;
    public long PresenceNotices;
    public long PresenceNoticesDropped;
    public long Reactions;
    public long Queries;
    public long QueriesRefused;

    private readonly long[] _speechRefusals = new long[SpeechRefusalCodes.Length];

    /// <summary>Why a room may refuse what somebody says.</summary>
    public static ErrorCode[] SpeechRefusalCodes { get; } =
    [
        ErrorCode.SlowMode, ErrorCode.Forbidden, ErrorCode.Banned, ErrorCode.Muted, ErrorCode.Kicked, ErrorCode.NotOpen, ErrorCode.Filtered,
    ];

    /// <summary>What somebody said was refused by his role, the room's state or its settings.</summary>
    public void CountSpeechRefusal(ErrorCode code) => _speechRefusals[Array.IndexOf(SpeechRefusalCodes, code)]++;

    public long SpeechRefusals(ErrorCode code) => Volatile.Read(ref _speechRefusals[Array.IndexOf(SpeechRefusalCodes, code)]);
}
