namespace RelayServer.Protocol;

/// <summary>What is laid on a user of a room.</summary>
public enum RestrictionKind : byte
{
    /// <summary>May not speak or react.</summary>
    Mute = 1,

    /// <summary>May not be in the room.</summary>
    Ban = 2,

    /// <summary>The same for the short while after a kick.</summary>
    Kick = 3,
}
