namespace RelayServer.Rooms;

/// <summary>
/// Decides when a room is split and merged by its settings: split at so many members or messages in a second; merged when
/// both are low again, which is well below; and never twice within the dwell time.
/// </summary>
public static class AutoSplit
{
    /// <summary>Decides; the caller asks once a second or so, and only while <see cref="RoomState.PolicyAuto"/> holds.</summary>
    /// <param name="state">The settings, and how the room is divided now.</param>
    /// <param name="membersTotal">Members of all partitions.</param>
    /// <param name="messagesLastSecond">Messages of members in the last second, in all partitions.</param>
    /// <param name="sinceSwitchMilliseconds">Time since the last split or merge; where none is known, since the master has the room.</param>
    public static AutoSplitDecision Decide(RoomState state, uint membersTotal, uint messagesLastSecond, ulong sinceSwitchMilliseconds)
    {
        if (sinceSwitchMilliseconds < 1000 * state[RoomSetting.AutoDwellSeconds])
        {
            return default;
        }

        if (state.Current.Mode != SplitMode.Whole)
        {
            // A threshold that splits nothing holds nothing apart either.
            bool few = membersTotal <= state[RoomSetting.AutoMergeMembers] || state[RoomSetting.AutoSplitMembers] == 0;
            bool quiet = messagesLastSecond <= state[RoomSetting.AutoMergeMessagesPerSecond] || state[RoomSetting.AutoSplitMessagesPerSecond] == 0;
            return few && quiet ? new AutoSplitDecision(AutoSplitAction.Merge) : default;
        }

        bool splits = IsReached(membersTotal, state[RoomSetting.AutoSplitMembers])
            || IsReached(messagesLastSecond, state[RoomSetting.AutoSplitMessagesPerSecond]);
        return splits && membersTotal >= RoomLimits.GroupsMin
            ? new AutoSplitDecision(AutoSplitAction.Split, Groups(membersTotal, state[RoomSetting.AutoTargetMembers]))
            : default;
    }

    private static bool IsReached(uint value, ulong threshold) => threshold > 0 && value >= threshold;

    private static int Groups(ulong members, ulong target) =>
        (int)Math.Clamp((members + target - 1) / target, RoomLimits.GroupsMin, (ulong)Math.Min(members, Partitioning.PartitionsMax));
}
