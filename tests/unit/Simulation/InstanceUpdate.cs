namespace RelayServer.UnitTests.Simulation;

/// <summary>An update that an instance tells.</summary>
/// <param name="Number">With the instance's producer id its name for ever.</param>
/// <param name="Channel">Where it is published; an inbox by the pseudonym of its user.</param>
/// <param name="Place">Whose log it is for.</param>
/// <param name="Payload">What it says.</param>
internal sealed record InstanceUpdate(ulong Number, string Channel, string Place, byte[] Payload)
{
    public bool IsSent { get; set; }

    public ulong NotBefore { get; set; }

    /// <summary>It must be taken: nothing is wrong any more.</summary>
    public bool IsProbe { get; init; }
}
