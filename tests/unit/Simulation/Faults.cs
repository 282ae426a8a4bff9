namespace RelayServer.UnitTests.Simulation;

/// <summary>What goes wrong at the moment; all quiet when everything is 0.</summary>
internal sealed class Faults
{
    /// <summary>One message of the bus in so many is lost; 0 loses none.</summary>
    public int BusLosesOneIn { get; set; }

    /// <summary>One flush in so many has an unknown outcome.</summary>
    public int FlushUnknownOneIn { get; set; }

    /// <summary>Nothing of the fabric can be reached.</summary>
    public bool IsFabricDown { get; set; }

    public void Heal()
    {
        BusLosesOneIn = 0;
        FlushUnknownOneIn = 0;
        IsFabricDown = false;
    }
}
