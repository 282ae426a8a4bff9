namespace RelayServer.Cli.Demo;

/// <summary>A demonstration as it is going to be played: who is in it, and who does what when.</summary>
/// <param name="Actors">The people and programs.</param>
/// <param name="Steps">What they do, in order of time.</param>
/// <param name="Groups">Into how many groups the room is split.</param>
internal sealed record DemoPlan(IReadOnlyList<DemoActor> Actors, IReadOnlyList<DemoStep> Steps, int Groups)
{
    public const int Host = 0;

    /// <summary>The program of the shop.</summary>
    public const int Shop = 1;

    public const int Moderator = 2;

    /// <summary>The first of the viewers, who are all the rest.</summary>
    public const int FirstViewer = 3;

    /// <summary>Makes one; the same from the same numbers.</summary>
    /// <param name="length">How long it is.</param>
    /// <param name="viewers">How many watch.</param>
    /// <param name="seed">What chance depends on.</param>
    public static DemoPlan Create(TimeSpan length, int viewers, int seed) => new DemoDirector(length, viewers, seed).Direct();
}
