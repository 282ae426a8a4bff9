namespace RelayServer.Fabric;

/// <summary>Where a fabric message goes: one edge, one master, or all who follow the slot table.</summary>
/// <param name="Value">The address as the fabric writes it.</param>
public readonly record struct FabricAddress(string Value)
{
    /// <summary>Everybody who follows the slot table; the message is empty and means: read it again.</summary>
    public static FabricAddress Slots { get; } = new("slots");

    /// <summary>One edge's inbox.</summary>
    public static FabricAddress Edge(string edgeId) => new("e:" + edgeId);

    /// <summary>One master's inbox.</summary>
    public static FabricAddress Master(string masterId) => new("m:" + masterId);
}
