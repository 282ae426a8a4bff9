using RelayServer.Cli.Demo;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Cli;

public sealed class DemoPlanTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    [Fact]
    public void Create_SameSeed_IsTheSame()
    {
        Assert.Equal(Describe(DemoPlan.Create(Minute, 24, 5)), Describe(DemoPlan.Create(Minute, 24, 5)));
        Assert.NotEqual(Describe(DemoPlan.Create(Minute, 24, 5)), Describe(DemoPlan.Create(Minute, 24, 6)));
    }

    [Theory]
    [InlineData(10, 2)]
    [InlineData(60, 24)]
    [InlineData(600, 500)]
    public void Create_AnySize_IsABroadcastFromItsBeginningToItsEnd(int seconds, int viewers)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            DemoPlan plan = DemoPlan.Create(TimeSpan.FromSeconds(seconds), viewers, seed);
            Assert.Equal(viewers, plan.Actors.Count - DemoPlan.FirstViewer);
            Assert.Equal(plan.Actors.Count, plan.Actors.Select(actor => actor.User).Distinct().Count());
            Assert.Equal(plan.Steps.OrderBy(step => step.At).Select(step => step.At), plan.Steps.Select(step => step.At));
            RoomControl[] controls = [.. plan.Steps.Select(step => step.Control).OfType<RoomControl>()];
            Assert.All(controls, control => Assert.Null(control.Check()));
            Assert.Equal(ControlVerb.Create, controls[0].Verb);
            Assert.Equal(ControlVerb.End, controls[^1].Verb);
            Assert.Equal(
                [ControlVerb.Start, ControlVerb.Split, ControlVerb.Merge, ControlVerb.End],
                controls.Select(control => control.Verb).Where(verb => verb is ControlVerb.Start or ControlVerb.Split or ControlVerb.Merge or ControlVerb.End));
            Assert.InRange(plan.Groups, RoomLimits.GroupsMin, viewers + DemoPlan.FirstViewer);
        }
    }

    [Fact]
    public void Create_Stock_FallsAndIsNeverBelowNothing()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            DemoPlan plan = DemoPlan.Create(Minute, 24, seed);
            foreach (IGrouping<string, RoomProduct> cards in plan.Steps.Select(step => step.Control?.Product).OfType<RoomProduct>().GroupBy(card => card.Id))
            {
                Assert.Equal(cards.OrderByDescending(card => card.Stock).Select(card => card.Stock), cards.Select(card => card.Stock));
            }
        }
    }

    [Fact]
    public void Create_Viewers_SpeakOnlyOnceTheyAreIn()
    {
        DemoPlan plan = DemoPlan.Create(Minute, 24, 1);
        HashSet<int> present = [];
        foreach (DemoStep step in plan.Steps)
        {
            Assert.True(step.Kind != DemoStepKind.Join || present.Add(step.Actor));
            Assert.True(step.Kind is DemoStepKind.Join or DemoStepKind.Change || present.Contains(step.Actor), $"{step.Actor} at {step.At}");
        }
    }

    private static string[] Describe(DemoPlan plan) => [.. plan.Steps.Select(step => $"{step.At} {step.Actor} {step.Kind} {step.Text} {step.Count} {step.Control?.Verb}")];
}
