namespace RelayServer.UnitTests.Simulation;

/// <summary>A publish that has no answer yet.</summary>
internal sealed record ClientPublish(ulong Number, string Channel)
{
    public bool IsSent { get; set; }

    public ulong NotBefore { get; set; }
}
