using RelayServer.Bench.Micro;

namespace RelayServer.UnitTests.Budgets;

/// <summary>Holds every benchmark to the bytes that <c>bench/budgets.json</c> allows it.</summary>
public sealed class AllocationBudgetTests
{
    private static readonly IReadOnlyList<AllocationBudget> Budgets =
        AllocationBudget.ReadAll(Path.Combine(AppContext.BaseDirectory, "budgets.json"));

    public static TheoryData<string> Benchmarks() => [.. AllocationBudget.AllBenchmarks()];

    [Theory]
    [MemberData(nameof(Benchmarks))]
    public void Measure_Benchmark_StaysWithinBudget(string benchmark)
    {
        AllocationBudget budget = Assert.Single(Budgets, candidate => candidate.Benchmark == benchmark);

        Assert.InRange(AllocationBudget.Measure(benchmark), 0, budget.BytesMax);
    }

    [Fact]
    public void ReadAll_File_NamesExistingBenchmarksOnly() =>
        Assert.Empty(Budgets.Select(budget => budget.Benchmark).Except(AllocationBudget.AllBenchmarks()));

    [Fact]
    public void Measure_AllocatingCall_IsSeen() =>
        Assert.InRange(AllocationBudget.Measure(() => GC.KeepAlive(new byte[100])), 100, 200);
}
