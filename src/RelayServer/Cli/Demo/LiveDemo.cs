using System.Globalization;
using RelayServer.Cli.Connections;
using RelayServer.Client;
using RelayServer.Hosting;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Cli.Demo;

/// <summary>Plays a plan against a running relay.</summary>
internal sealed class LiveDemo(DemoOptions options, DemoPlan plan, TimeProvider clock, TextWriter progress)
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(2);

    private readonly DemoCounts _counts = new();
    private readonly List<Task> _underWay = [];
    private long _began;

    /// <summary>Plays it to its end.</summary>
    /// <exception cref="CommandFailureException">No relay runs, or it refuses what the demonstration cannot do without.</exception>
    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        List<DemoMember> members = [.. plan.Actors.Select(actor => new DemoMember(actor, options, _counts))];
        bool mayNeedEnd = false;
        try
        {
            await members[DemoPlan.Host].ConnectAsync(cancellationToken);
            Announce();
            mayNeedEnd = true;
            _began = clock.GetTimestamp();
            foreach (DemoStep step in plan.Steps)
            {
                await PlayAsync(members[step.Actor], step, cancellationToken);
            }

            mayNeedEnd = false;
            await Task.WhenAll(_underWay);
            Tell($"played: {_counts}");
            await progress.WriteLineAsync($"All of it again: {Watch("you", 0)} --from-start");
        }
        catch (RelayException e)
        {
            throw new CommandFailureException(ClientExitCode.Of(e), Advise(e), e);
        }
        finally
        {
            if (mayNeedEnd)
            {
                await EndAsync(members[DemoPlan.Host]);
            }

            await Task.WhenAll(members.Select(member => member.DisposeAsync().AsTask()));
            await Task.WhenAll(_underWay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PlayAsync(DemoMember member, DemoStep step, CancellationToken cancellationToken)
    {
        TimeSpan wait = step.At - clock.GetElapsedTime(_began);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, clock, cancellationToken);
        }

        if (step.Progress is { } line)
        {
            Tell(line);
        }

        // What holds the broadcast together goes step by step; the bustle of the viewers holds nothing up.
        if (step.Actor < DemoPlan.FirstViewer && step.Kind != DemoStepKind.Say)
        {
            await PlayOneAsync(member, step, cancellationToken);
            return;
        }

        _underWay.RemoveAll(task => task.IsCompletedSuccessfully);
        _underWay.Add(PlayOneAsync(member, step, cancellationToken));
    }

    private async Task PlayOneAsync(DemoMember member, DemoStep step, CancellationToken cancellationToken)
    {
        try
        {
            await member.PlayAsync(step, cancellationToken);
        }
        catch (RelayException e) when (step.Control?.Verb is not ControlVerb.Create)
        {
            _counts.Refuse();
            Tell($"{member.Actor.User}: refused: {e.Message}");
        }
    }

    private void Announce()
    {
        progress.WriteLine($"""
            A broadcast of {options.Length.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s with {plan.Actors.Count - DemoPlan.FirstViewer} viewers in the room {options.Room} (seed {options.Seed}). Watch it in other windows:

              {Watch("you", 0)}
              {Watch("op", 1)} --role operator --observe

            """);
    }

    private string Watch(string user, int edge) =>
        $"{LaunchCommand.Describe()} chat {options.Room} --user {user} --edge {options.Edges[edge % options.Edges.Count]}{options.WatchOptions}";

    private void Tell(string line)
    {
        TimeSpan at = clock.GetElapsedTime(_began);
        progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{at.TotalSeconds,6:0.0} s  {line}"));
    }

    // Interrupted in the middle: nobody is left waiting in a room that never ends.
    private static async Task EndAsync(DemoMember host)
    {
        try
        {
            using var timeout = new CancellationTokenSource(EndTimeout);
            await host.ChangeAsync(RoomControl.End(), timeout.Token);
        }
        catch (Exception e) when (e is RelayException or OperationCanceledException or ObjectDisposedException)
        {
            // The relay has gone, or the room never was.
        }
    }

    private string Advise(RelayException e) => e.Code == ErrorCode.Conflict
        ? $"{options.Room}: {e.Message}; each demonstration has a room of its own, leave --room out or name a new one"
        : ConnectionAdvice.For(e);
}
