using RelayServer.Rooms;

namespace RelayServer.UnitTests.Simulation;

/// <summary>What those do in a world who run rooms: they split and merge them, sensibly and not.</summary>
internal sealed class SplitOperations(SimulatedWorld world, IReadOnlyList<SimulatedClient> operators)
{
    private const int GroupsMax = 4;

    /// <summary>One of them wants something of a room.</summary>
    public void Act(string channel)
    {
        SimulatedClient client = world.Time.Pick(operators);
        client.Control(client.Room(channel), world.Time.OneIn(5) ? Any() : Sensible(channel));
    }

    /// <summary>One of them, for whom nothing goes wrong any more, splits the room or merges it.</summary>
    public void ActSensibly(string channel)
    {
        SimulatedClient client = world.Time.Pick(operators);
        client.Control(client.Room(channel), Sensible(channel));
    }

    private RoomControl Sensible(string channel) =>
        world.Rooms.Room(channel).State.Current.Mode != SplitMode.Whole ? RoomControl.Merge()
        : world.Time.OneIn(2) ? RoomControl.SplitByEdges()
        : RoomControl.SplitIntoGroups((uint)world.Time.Chance.Next(RoomLimits.GroupsMin, GroupsMax + 1));

    private RoomControl Any() => world.Time.Chance.Next(4) switch
    {
        0 => RoomControl.Merge(),
        1 => RoomControl.SplitByEdges(),
        2 => RoomControl.SplitIntoGroups(100),
        _ => RoomControl.Notice($"notice {world.Time.Now}"),
    };
}
