using RelayServer.Protocol;
using RelayServer.Rooms;

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
    public long Merges;
    public long Skipped;
    public long Updates;
    public long UpdatesHandedOn;
    public long UpdatesLost;
    public long Commands;
    public long CommandsRefused;
    public long CommandsTimedOut;
    public long CallsRepeated;

    private readonly long[] _splits = new long[SplitModes.Length];
    private readonly long[] _controls = new long[ControlVerbs.Length];
    private readonly long[] _speechRefusals = new long[SpeechRefusalCodes.Length];

    /// <summary>Why a room may refuse what somebody says.</summary>
    public static ErrorCode[] SpeechRefusalCodes { get; } =
    [
        ErrorCode.SlowMode, ErrorCode.Forbidden, ErrorCode.Banned, ErrorCode.Muted, ErrorCode.Kicked, ErrorCode.NotOpen, ErrorCode.Filtered,
    ];

    /// <summary>How a room may be split.</summary>
    public static SplitMode[] SplitModes { get; } = [SplitMode.Edges, SplitMode.Groups];

    /// <summary>What may be done to a room.</summary>
    public static ControlVerb[] ControlVerbs { get; } = Enum.GetValues<ControlVerb>();

    /// <summary>A room has gone over to a division.</summary>
    public void CountSwitch(SplitMode mode)
    {
        if (mode == SplitMode.Whole)
        {
            Merges++;
        }
        else
        {
            _splits[Array.IndexOf(SplitModes, mode)]++;
        }
    }

    public long Splits(SplitMode mode) => Volatile.Read(ref _splits[Array.IndexOf(SplitModes, mode)]);

    /// <summary>A control was done.</summary>
    public void CountControl(ControlVerb verb) => _controls[Array.IndexOf(ControlVerbs, verb)]++;

    public long Controls(ControlVerb verb) => Volatile.Read(ref _controls[Array.IndexOf(ControlVerbs, verb)]);

    /// <summary>What somebody said was refused by his role, the room's state or its settings.</summary>
    public void CountSpeechRefusal(ErrorCode code) => _speechRefusals[Array.IndexOf(SpeechRefusalCodes, code)]++;

    public long SpeechRefusals(ErrorCode code) => Volatile.Read(ref _speechRefusals[Array.IndexOf(SpeechRefusalCodes, code)]);
}
