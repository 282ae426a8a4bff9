using System.Globalization;
using RelayServer.Bench.Measurement;

namespace RelayServer.Bench.Reports;

/// <summary>Says what a run was limited by, so that nobody takes the generator's limit for the relay's.</summary>
internal static class Bottleneck
{
    private const double ThreadSaturation = 0.9;
    private const double MachineSaturation = 0.95;
    private const double OthersMax = 0.05;

    /// <summary>A sentence for the report.</summary>
    /// <param name="usage">CPU in the measured phase; its moment is the phase's length.</param>
    /// <param name="cores">Cores of the machine.</param>
    /// <param name="openLoop">True when a schedule, not the answers, drove the load.</param>
    public static string Describe(UsageSample usage, int cores, bool openLoop)
    {
        ArgumentNullException.ThrowIfNull(usage);
        double seconds = Clock.ToSeconds(usage.AtNanoseconds);
        double busiest = usage.LoopCpuSeconds.Count == 0 ? 0 : usage.LoopCpuSeconds.Max() / seconds;
        double generator = usage.GeneratorCpuSeconds / (seconds * cores);
        double server = usage.ServerCpuSeconds.Sum() / (seconds * cores);
        double others = usage.OtherCpuSeconds / (seconds * cores);
        string shares = string.Create(
            CultureInfo.InvariantCulture,
            $"server {server:P0}, generator {generator:P0}, others {others:P0} of {cores} cores; busiest generator thread {busiest:P0}");
        if (others > OthersMax && usage.ServerCpuSeconds.Count > 0)
        {
            return $"NOT TO BE QUOTED: other programs took part of the machine ({shares}).";
        }

        if (busiest >= ThreadSaturation)
        {
            return $"THE GENERATOR is the bottleneck: one of its threads is saturated ({shares}).";
        }

        if (generator + server >= MachineSaturation)
        {
            return $"The machine is saturated, and the generator shares it with the server ({shares}).";
        }

        return openLoop
            ? $"Nothing is saturated ({shares})."
            : $"Nothing is saturated: the window or the server's own waiting limits the rate ({shares}).";
    }
}
