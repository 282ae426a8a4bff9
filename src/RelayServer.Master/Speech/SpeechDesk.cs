using System.Text;
using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Master.Sequencing;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Speech;

/// <summary>
/// Decides who may say what: by the room's state, and by what was said there before. Only what may be said is remembered,
/// and only in rooms whose settings ask for it.
/// </summary>
/// <param name="refusals">Tells who may not.</param>
/// <param name="counters">Counts them.</param>
/// <param name="hashKey">A secret of the process, for the hashes of texts.</param>
internal sealed class SpeechDesk(Refusals refusals, MasterCounters counters, UInt128 hashKey)
{
    private static readonly ControlRefusal s_notARoom = new(ErrorCode.Forbidden, "nobody talks in a topic or an inbox");
    private static readonly ControlRefusal s_repeated = new(ErrorCode.Filtered, "this was said in the room just now");

    /// <summary>Whether the sender may say this now; if not, he has been told.</summary>
    public bool MaySpeak(in PublishRequest request, ulong nowMilliseconds)
    {
        ControlRefusal? refusal = request.Channel.Kind != ChannelKind.Room
            ? s_notARoom
            : request.Channel.Room.MaySpeak(request.Record.UserId, request.TokenRole, request.Publish.Kind, request.Publish.Payload, nowMilliseconds);
        refusal ??= HasMemory(request) ? CheckMemory(request, nowMilliseconds) : null;
        if (refusal is null)
        {
            return true;
        }

        counters.CountSpeechRefusal(refusal.Code);
        refusals.Refuse(request, refusal.Code, Encoding.UTF8.GetBytes(refusal.Text), refusal.RetryAfterMilliseconds);
        return false;
    }

    /// <summary>The settings of a room have changed: what no longer counts is forgotten.</summary>
    public static void Forget(ChannelState channel)
    {
        if (channel.Speech is not { } memory)
        {
            return;
        }

        memory.Pauses = channel.Room[RoomSetting.SlowModeMilliseconds] > 0 ? memory.Pauses : null;
        memory.EphemeralPauses = channel.Room[RoomSetting.SlowModeMilliseconds] > 0 ? memory.EphemeralPauses : null;
        memory.Texts = channel.Room[RoomSetting.UniqueMessages] > 0 ? memory.Texts : null;
        channel.Speech = memory is { Pauses: null, EphemeralPauses: null, Texts: null } ? null : memory;
    }

    /// <summary>
    /// Slow mode for what a member has a service say: why it is too early; null when it is not, and then it was his turn if he
    /// takes it.
    /// </summary>
    public static ControlRefusal? CheckTurn(ChannelState channel, Role role, ReadOnlySpan<byte> user, bool takesIt, ulong nowMilliseconds)
    {
        ulong pauseMilliseconds = channel.Room[RoomSetting.SlowModeMilliseconds];
        if (pauseMilliseconds == 0 || Permissions.Allows(role, RoomVerb.Broadcast, ChannelKind.Room))
        {
            return null;
        }

        SlowMode turns = (channel.Speech ??= new SpeechMemory()).Pauses ??= new SlowMode();
        if (turns.WaitMilliseconds(user, pauseMilliseconds, nowMilliseconds) is > 0 and uint wait)
        {
            return TooEarly(wait);
        }

        if (takesIt)
        {
            turns.Spoke(user, pauseMilliseconds, nowMilliseconds);
        }

        return null;
    }

    private static ControlRefusal TooEarly(uint waitMilliseconds) => new(ErrorCode.SlowMode, "slow mode: wait before you say more", waitMilliseconds);

    private static bool HasMemory(in PublishRequest request) =>
        request.Channel.Room.Version > 0 && !Permissions.Allows(request.Role, RoomVerb.Broadcast, ChannelKind.Room);

    private ControlRefusal? CheckMemory(in PublishRequest request, ulong nowMilliseconds)
    {
        RoomState room = request.Channel.Room;
        ulong pauseMilliseconds = room[RoomSetting.SlowModeMilliseconds];
        bool isUnique = room[RoomSetting.UniqueMessages] > 0 && request.Publish.Kind == MessageKind.Text;
        if (pauseMilliseconds == 0 && !isUnique)
        {
            return null;
        }

        SpeechMemory memory = request.Channel.Speech ??= new SpeechMemory();
        if (isUnique)
        {
            memory.Texts ??= new RepeatFilter(hashKey);
            if (memory.Texts.IsRepeat(request.Publish.Payload))
            {
                return s_repeated;
            }
        }

        if (pauseMilliseconds > 0 && TakeTurn(memory, request, pauseMilliseconds, nowMilliseconds) is { } tooEarly)
        {
            return tooEarly;
        }

        if (isUnique)
        {
            memory.Texts!.Remember(request.Publish.Payload);
        }

        return null;
    }

    // A typing notice comes before its message: it must not make that wait. So what is not logged has a pause of its own, and
    // nobody says in it what slow mode keeps him from saying.
    private static ControlRefusal? TakeTurn(SpeechMemory memory, in PublishRequest request, ulong pauseMilliseconds, ulong nowMilliseconds)
    {
        ReadOnlySpan<byte> user = request.Record.UserId;
        SlowMode turns = memory.Pauses ??= new SlowMode();
        uint waitMilliseconds = turns.WaitMilliseconds(user, pauseMilliseconds, nowMilliseconds);
        if (request.Record.Flags.HasFlag(FrameFlags.Ephemeral))
        {
            turns = memory.EphemeralPauses ??= new SlowMode();
            waitMilliseconds = Math.Max(waitMilliseconds, turns.WaitMilliseconds(user, pauseMilliseconds, nowMilliseconds));
        }

        if (waitMilliseconds > 0)
        {
            return TooEarly(waitMilliseconds);
        }

        turns.Spoke(user, pauseMilliseconds, nowMilliseconds);
        return null;
    }
}
