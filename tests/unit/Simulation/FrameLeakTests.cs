using RelayServer.Edge.Transport;
using RelayServer.UnitTests.Edge;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Simulation;

/// <summary>After whole worlds with all their faults every shared frame has come back.</summary>
[Collection(FrameCountingCollection.Name)]
public sealed class FrameLeakTests
{
    private const int Worlds = 10;

    [Fact]
    public void Run_ManyWorlds_NoFrameIsLeft()
    {
        int seed = (int)(TestSeed.Choose() % int.MaxValue);
        long before = SharedFrame.HeldBytes;
        for (int i = 0; i < Worlds; i++)
        {
            using var world = new SimulatedWorld((seed + i) & int.MaxValue, storeMayLose: i % 2 == 0);
            world.Run();
        }

        Assert.Equal(before, SharedFrame.HeldBytes);
    }
}
