using System.Globalization;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>
/// The seed of a random test: new every time, printed, and given back with the variable
/// <c>RELAY_TEST_SEED</c> to see a failure again.
/// </summary>
internal static class TestSeed
{
    private const string Variable = "RELAY_TEST_SEED";

    public static ulong Choose()
    {
        string? given = Environment.GetEnvironmentVariable(Variable);
        ulong seed = given is null ? (ulong)Random.Shared.NextInt64() : ulong.Parse(given, CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"again with {Variable}={seed}");
        return seed;
    }
}
