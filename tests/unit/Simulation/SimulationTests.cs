using System.Globalization;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Simulation;

/// <summary>
/// Many small worlds, each from one seed. A failure names its seed: <c>RELAY_TEST_SEED=n</c> runs that world first,
/// and <c>RELAY_TEST_WORLDS=n</c> runs more of them.
/// </summary>
public sealed class SimulationTests
{
    private const string WorldsVariable = "RELAY_TEST_WORLDS";
    private const int WorldsDefault = 150;

    // What edges may keep while they repair: nothing, a few messages, all there is.
    private static readonly int[] ParkedBytesChoices = [0, 300, 1 << 20];

    private static int Worlds => Environment.GetEnvironmentVariable(WorldsVariable) is { } given
        ? int.Parse(given, CultureInfo.InvariantCulture)
        : WorldsDefault;

    // Worlds with services and without take half of the time each.
    private static int HalfOfWorlds => (Worlds + 1) / 2;

    [Fact]
    public void Run_StoreKeepsItsWord_NothingIsLostDoubledOrOutOfOrder() => RunWorlds(HalfOfWorlds, storeMayLose: false);

    [Fact]
    public void Run_StoreLosesTails_EveryLossIsTold() => RunWorlds(HalfOfWorlds, storeMayLose: true);

    [Fact]
    [Trait("Must", "R-CMD-1")]
    [Trait("Must", "R-CMD-4")]
    [Trait("Must", "R-CMD-5")]
    [Trait("Must", "R-CMD-8")]
    [Trait("Must", "R-CMD-14")]
    [Trait("Must", "R-SVC-3")]
    [Trait("Must", "R-SUB-5")]
    [Trait("Must", "R-UPD-4")]
    [Trait("Must", "R-UPD-5")]
    [Trait("Must", "R-UPD-6")]
    public void Run_ServicesAndStoreKeepsItsWord_CommandsHaveOneOutcomeAndUpdatesComeOnce() => RunServiceWorlds(storeMayLose: false);

    [Fact]
    public void Run_ServicesAndStoreLosesTails_CommandsHaveOneOutcome() => RunServiceWorlds(storeMayLose: true);

    [Fact]
    [Trait("Must", "R-SPLIT-1")]
    [Trait("Must", "R-SPLIT-2")]
    [Trait("Must", "R-SPLIT-3")]
    [Trait("Must", "R-SPLIT-5")]
    [Trait("Must", "R-SPLIT-7")]
    [Trait("Must", "R-OBS-1")]
    [Trait("Must", "R-OBS-4")]
    [Trait("Must", "R-CAST-1")]
    public void Run_RoomsAreSplitAndStoreKeepsItsWord_NothingIsLostDoubledOrCrosses() => RunSplitWorlds(storeMayLose: false);

    [Fact]
    public void Run_RoomsAreSplitAndStoreLosesTails_EveryLossIsTold() => RunSplitWorlds(storeMayLose: true);

    /// <summary>Worlds in which once something was wrong that few of them show.</summary>
    [Theory]
    [InlineData(539752594, true, false)]
    [InlineData(353560814, true, true)]
    [InlineData(707789123, true, true)]
    [InlineData(771953992, true, true)]
    [InlineData(1066288498, true, true)]
    [InlineData(1637817658, true, true)]
    [InlineData(687749574, false, true)]
    [InlineData(1483677893, false, true)]
    [InlineData(1889564123, false, true)]
    [InlineData(1415359309, true, true)]
    public void Run_WorldThatOnceFailed_Holds(int seed, bool storeMayLose, bool hasSplits)
    {
        using var world = new SimulatedWorld(seed, storeMayLose, hasSplits);
        world.Run();
        Assert.True(world.Judge.DeliveredCount > 0, "a world in which nothing is delivered shows nothing");
    }

    private static int ParkedBytesMax(int seed) => ParkedBytesChoices[seed % ParkedBytesChoices.Length];

    private static void RunSplitWorlds(bool storeMayLose) =>
        RunSeen(Worlds, seed => new SimulatedWorld(seed, storeMayLose, hasSplits: true, ParkedBytesMax(seed)), world => world.Seen());

    private static void RunServiceWorlds(bool storeMayLose) => RunSeen(
        HalfOfWorlds, seed => new SimulatedWorld(seed, storeMayLose, hasSplits: false, ParkedBytesMax(seed), hasServices: true), world => world.Services!.Seen());

    private static void RunSeen(int worlds, Func<int, SimulatedWorld> create, Func<SimulatedWorld, IEnumerable<(string What, long Count)>> see)
    {
        int first = (int)(TestSeed.Choose() % int.MaxValue);
        var seen = new Dictionary<string, long>();
        for (int i = 0; i < worlds; i++)
        {
            int seed = (first + i) & int.MaxValue;
            SimulatedWorld world = create(seed);
            try
            {
                world.Run();

                // Not after a failure, which may have come in the middle of anything.
                world.Dispose();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                throw new InvalidOperationException($"world RELAY_TEST_SEED={seed}: {exception.Message}", exception);
            }

            foreach ((string what, long count) in see(world))
            {
                seen[what] = seen.GetValueOrDefault(what) + count;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{worlds} worlds: {string.Join(", ", seen.Select(one => $"{one.Value} {one.Key}"))}");

        // One world, to find out about a failure, need not show everything.
        Assert.All(Worlds < WorldsDefault ? [] : seen, one => Assert.True(one.Value > 0, $"worlds without {one.Key} do not show what happens then"));
    }

    private static void RunWorlds(int worlds, bool storeMayLose)
    {
        int first = (int)(TestSeed.Choose() % int.MaxValue);
        long delivered = 0;
        long voids = 0;
        for (int i = 0; i < worlds; i++)
        {
            int seed = (first + i) & int.MaxValue;
            using var world = new SimulatedWorld(seed, storeMayLose, hasSplits: false, ParkedBytesMax(seed));
            try
            {
                world.Run();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                throw new InvalidOperationException($"world RELAY_TEST_SEED={seed}: {exception.Message}", exception);
            }

            delivered += world.Judge.DeliveredCount;
            voids += world.Voids;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{worlds} worlds, {delivered} deliveries judged, {voids} rooms expired");
        Assert.True(delivered > 0, "worlds in which nothing is delivered show nothing");
        Assert.True(voids > 0, "worlds in which nothing grows too old do not show what happens then");
    }
}
