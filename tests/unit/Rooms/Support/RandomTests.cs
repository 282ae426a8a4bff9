using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Rooms.Support;

/// <summary>Runs properties with a seed that is printed.</summary>
internal static class RandomTests
{
    public static void Check<T>(int runs, Gen<T> inputs, Action<T> property)
    {
        ulong seed = TestSeed.Choose();
        var replay = new Replay(new Rnd(seed, seed | 1), FSharpOption<int>.None);
        Config config = Config.QuickThrowOnFailure.WithMaxTest(runs).WithReplay(FSharpOption<Replay>.Some(replay)).WithQuietOnSuccess(true);
        FsCheck.Check.One(config, Prop.ForAll(inputs.ToArbitrary(), property));
    }
}
