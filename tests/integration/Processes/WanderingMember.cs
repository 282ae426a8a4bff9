using RelayServer.Client;
using RelayServer.Identity;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Processes;

/// <summary>A member of a room that reads on where it stood whichever edge it goes to, and keeps everything it was told.</summary>
internal sealed class WanderingMember(ThreeEdges relay, string room, string user, TokenRole role) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SemaphoreSlim _moved = new(0);
    private readonly TaskCompletionSource _heardLast = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RelayClient? _client;
    private RelaySubscription? _subscription;
    private Task _reading = Task.CompletedTask;
    private string? _connectedTo;
    private int _connections;
    private int _edge;
    private int _published;
    private ulong _generation;

    /// <summary>Says that nothing more will come.</summary>
    public const string LastText = "the end";

    public string User => user;

    public bool IsObserver { get; init; }

    public bool Broadcasts => role != TokenRole.Member;

    /// <summary>Where it began.</summary>
    public Position From { get; private set; }

    public List<HeardEvent> Heard { get; } = [];

    /// <summary>What is missing, as it was told.</summary>
    public List<RelayGap> Gaps { get; } = [];

    /// <summary>What it published, and where that is in the log.</summary>
    public List<(string Text, Position At)> Acked { get; } = [];

    public int EdgeChanges { get; private set; }

    public Task HeardLast => _heardLast.Task;

    /// <summary>Where it is in the life of the room.</summary>
    public ulong Generation => Interlocked.Read(ref _generation);

    /// <summary>Returns once it has come to this generation of the room.</summary>
    public async Task HasReachedAsync(ulong generation)
    {
        while (Generation < generation)
        {
            await _moved.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
    }

    public async Task JoinAsync(int edge)
    {
        await ConnectAsync(edge, IsObserver ? JoinFrom.Live.Observing() : JoinFrom.Live);
        From = _subscription!.Position;
        _reading = ReadAsync(_subscription, _client!);
    }

    public async Task PublishAsync(string? text = null)
    {
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            text ??= $"{user} {++_published}";
            Acked.Add((text, await _client!.PublishAsync(room, text, TestContext.Current.CancellationToken)));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Leaves its edge without a word and goes to another, as a phone does that changes networks.</summary>
    public async Task MoveAsync(int steps)
    {
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await _client!.DisposeAsync();
            await _reading;
            EdgeChanges++;
            RelaySubscription left = _subscription!;
            await ConnectAsync(_edge + steps, IsObserver ? JoinFrom.ObserveAfter(left.Positions) : JoinFrom.After(left.Position));
            _reading = ReadAsync(_subscription!, _client!);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
            await _reading;
        }

        _turn.Dispose();
        _moved.Dispose();
    }

    private async Task ConnectAsync(int edge, JoinFrom from)
    {
        _edge = edge % ThreeEdges.Names.Length;
        _connections = 0;
        _client = new RelayClient(new RelayClientOptions
        {
            Endpoints = relay.EndpointsFrom(_edge),
            ShuffleEndpoints = false,
            TokenProvider = _ => ValueTask.FromResult(relay.Token(user, role)),
            ReconnectBackoffMin = TimeSpan.FromMilliseconds(20),
            ReconnectBackoffMax = TimeSpan.FromMilliseconds(500),
        });
        _client.StateChanged += (_, change) => Connected(change);
        await _client.ConnectAsync(TestContext.Current.CancellationToken);
        _subscription = await _client.JoinAsync(room, from, TestContext.Current.CancellationToken);
    }

    // The edge it wanted may be dead; and what is read after another connection may have come over the one before.
    private void Connected(RelayStateChange change)
    {
        if (change.State == RelayClientState.Connected)
        {
            _connectedTo = ++_connections == 1 ? relay.NameOf(change.Endpoint!.Value) : null;
        }
    }

    private async Task ReadAsync(RelaySubscription subscription, RelayClient client)
    {
        try
        {
            await foreach (RelayEvent next in subscription)
            {
                Take(next);
            }
        }
        catch (RelayException) when (client.State == RelayClientState.Closed)
        {
            // It was disposed to go elsewhere.
        }
        catch (Exception exception)
        {
            _heardLast.TrySetException(exception);
        }
    }

    private void Take(RelayEvent next)
    {
        string? edge = _connectedTo;
        switch (next)
        {
            case RelayMessage message:
                Heard.Add(new HeardEvent(message.Position, false, message.Text, edge));
                if (message.Text == LastText)
                {
                    _heardLast.TrySetResult();
                }

                break;
            case RelayEntry entry:
                Heard.Add(new HeardEvent(entry.Position, false, "", edge));
                break;
            case RelayMoved moved:
                Heard.Add(new HeardEvent(moved.To, true, "", edge));
                Interlocked.Exchange(ref _generation, moved.To.Generation);
                _moved.Release();
                break;
            case RelayGap gap:
                Gaps.Add(gap);
                break;
        }
    }
}
