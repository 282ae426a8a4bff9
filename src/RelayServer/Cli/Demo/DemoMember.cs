using RelayServer.Cli.Chat;
using RelayServer.Client;
using RelayServer.Rooms;

namespace RelayServer.Cli.Demo;

/// <summary>One actor of a demonstration with a connection of their own, who reads all they get.</summary>
internal sealed class DemoMember(DemoActor actor, DemoOptions options, DemoCounts counts) : IAsyncDisposable
{
    private const string Agent = "relay-demo/0.1";

    private readonly RecentMessages _recent = new();
    private readonly RelayClient _client = new(new RelayClientOptions
    {
        Endpoints = Rotate(options.Edges, actor.Edge),
        ShuffleEndpoints = false,
        TokenProvider = _ => ValueTask.FromResult(options.Mint(actor.User, actor.Role)),
        Tls = options.Tls is { } tls ? tls.OptionsFor : null,
        Agent = Agent,
    });

    private Task _connecting = Task.CompletedTask;
    private Task _reading = Task.CompletedTask;
    private bool _began;
    private volatile bool _isIn;

    public DemoActor Actor => actor;

    /// <summary>Connects, once.</summary>
    public Task ConnectAsync(CancellationToken cancellationToken)
    {
        if (!_began)
        {
            _began = true;
            _connecting = _client.ConnectAsync(cancellationToken);
        }

        return _connecting;
    }

    /// <summary>Does what a step asks for.</summary>
    /// <exception cref="RelayException">Refused, or not connected.</exception>
    public async Task PlayAsync(DemoStep step, CancellationToken cancellationToken)
    {
        switch (step.Kind)
        {
            case DemoStepKind.Join:
                await ConnectAsync(cancellationToken);
                RelaySubscription subscription = await _client.JoinAsync(options.Room, JoinFrom.Live, cancellationToken);
                _reading = ReadAsync(subscription, cancellationToken);
                _isIn = true;
                break;
            case DemoStepKind.Change:
                await ChangeAsync(step.Control!, cancellationToken);
                break;
            case DemoStepKind.DeleteLast when _recent.LastOf(step.Text) is { } last:
                await ChangeAsync(RoomControl.Delete(step.Text, last.ProducerId, last.Number), cancellationToken);
                break;
            case DemoStepKind.Say when _isIn:
                await _client.PublishAsync(options.Room, step.Text, cancellationToken);
                counts.Publish();
                break;
            case DemoStepKind.React when _isIn && _client.React(options.Room, RelayClient.Heart, step.Count):
                counts.React(step.Count);
                break;
            case DemoStepKind.Leave when _isIn:
                _isIn = false;
                await _client.DisposeAsync();
                break;
        }
    }

    /// <summary>Changes the room.</summary>
    public async Task ChangeAsync(RoomControl control, CancellationToken cancellationToken)
    {
        await ConnectAsync(cancellationToken);
        await _client.ControlAsync(options.Room, control, cancellationToken);
        counts.Publish();
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _connecting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReadAsync(RelaySubscription subscription, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (RelayEvent next in subscription.WithCancellation(cancellationToken))
            {
                if (next is RelayMessage message)
                {
                    _recent.Note(message);
                }

                if (next is RelayEntry)
                {
                    counts.Deliver();
                }
            }
        }
        catch (RelayException)
        {
            // Who is put out is silent from then on: so they would be in a real room.
            _isIn = false;
        }
    }

    private static RelayEndpoint[] Rotate(IReadOnlyList<RelayEndpoint> edges, int first) =>
        [.. edges.Skip(first % edges.Count), .. edges.Take(first % edges.Count)];
}
