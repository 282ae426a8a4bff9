using System.Reflection;
using System.Text.Json;
using BenchmarkDotNet.Attributes;

namespace RelayServer.Bench.Micro;

/// <summary>
/// What one call of a benchmark may allocate. Budgets are about allocation and never about time, because allocation
/// is the same on every machine and in every run.
/// </summary>
/// <param name="Benchmark">Class and method, with a dot.</param>
/// <param name="BytesMax">Most bytes allocated per call.</param>
internal sealed record AllocationBudget(string Benchmark, long BytesMax)
{
    private const int WarmupCalls = 200;
    // A collection on another thread takes what is left of this thread's allocation context, and the runtime counts
    // that as allocated. What the call itself allocates it allocates in every attempt.
    private const int Attempts = 5;
    private const int MeasuredCalls = 2_000;

    /// <summary>Reads a file of budgets: class, method, bytes.</summary>
    public static IReadOnlyList<AllocationBudget> ReadAll(string file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file));
        return
        [
            .. from type in document.RootElement.EnumerateObject()
               from method in type.Value.EnumerateObject()
               select new AllocationBudget($"{type.Name}.{method.Name}", method.Value.GetInt64()),
        ];
    }

    /// <summary>The names of all benchmarks of this program.</summary>
    public static IReadOnlyList<string> AllBenchmarks() => [.. Methods().Select(NameOf)];

    /// <summary>Calls a benchmark many times on this thread; returns the bytes allocated per call, rounded up.</summary>
    public static long Measure(string benchmark)
    {
        MethodInfo method = Methods().FirstOrDefault(candidate => NameOf(candidate) == benchmark)
            ?? throw new ArgumentException($"there is no benchmark {benchmark}", nameof(benchmark));
        object instance = Activator.CreateInstance(method.DeclaringType!)!;
        long bytes = Measure(CallOf(method, instance));
        (instance as IDisposable)?.Dispose();
        return bytes;
    }

    /// <summary>Makes a call many times on this thread; returns the bytes allocated per call, rounded up.</summary>
    public static long Measure(Action call)
    {
        Repeat(call, WarmupCalls);
        long leastBytes = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && leastBytes > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Repeat(call, MeasuredCalls);
            leastBytes = Math.Min(leastBytes, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return (leastBytes + MeasuredCalls - 1) / MeasuredCalls;
    }

    private static void Repeat(Action call, int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            call();
        }
    }

    private static IEnumerable<MethodInfo> Methods() => typeof(AllocationBudget).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public))
        .Where(method => method.GetCustomAttribute<BenchmarkAttribute>() is not null);

    private static string NameOf(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    // A benchmark returns what it computed; the wrapper throws it away without boxing it.
    private static Action CallOf(MethodInfo method, object instance)
    {
        if (method.ReturnType == typeof(void))
        {
            return method.CreateDelegate<Action>(instance);
        }

        MethodInfo wrap = typeof(AllocationBudget).GetMethod(nameof(Discard), BindingFlags.Static | BindingFlags.NonPublic)!;
        return (Action)wrap.MakeGenericMethod(method.ReturnType).Invoke(null, [method, instance])!;
    }

    private static Action Discard<T>(MethodInfo method, object instance)
    {
        Func<T> call = method.CreateDelegate<Func<T>>(instance);
        return () => _ = call();
    }
}
