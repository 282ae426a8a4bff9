using System.Net;
using RelayServer.Client;
using RelayServer.Identity;
using RelayServer.IntegrationTests.Processes;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Rooms;

/// <summary>A client of one edge in at most one room, that keeps everything it is told and can be waited for.</summary>
internal sealed class RoomGuest : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<RelayEvent> _events = [];
    private TaskCompletionSource _news = NewSignal();
    private RelaySubscription? _subscription;
    private Task _reading = Task.CompletedTask;

    private RoomGuest(RelayClient client) => Client = client;

    public RelayClient Client { get; }

    /// <summary>How the membership ended, when that was by an error.</summary>
    public RelayException? Failure { get; private set; }

    /// <summary>Where it began.</summary>
    public Position From { get; private set; }

    /// <summary>Where it stands.</summary>
    public Position Position => _subscription!.Position;

    /// <summary>What it was told so far.</summary>
    public RelayEvent[] Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    public static async Task<RoomGuest> ConnectAsync(IPEndPoint edge, Func<string> token)
    {
        var guest = new RoomGuest(new RelayClient(new RelayClientOptions
        {
            Endpoints = [new RelayEndpoint(edge.Address.ToString(), edge.Port)],
            TokenProvider = _ => ValueTask.FromResult(token()),
            ReconnectBackoffMin = TimeSpan.FromMilliseconds(20),
            ReconnectBackoffMax = TimeSpan.FromMilliseconds(200),
        }));
        await guest.Client.ConnectAsync(TestContext.Current.CancellationToken);
        return guest;
    }

    public static Task<RoomGuest> ConnectAsync(IRestartableRelay relay, int edge, string user, TokenRole role = TokenRole.Member) =>
        ConnectAsync(relay.Edge(edge), () => relay.Token(user, role));

    /// <summary>At an edge that takes names for tokens.</summary>
    public static async Task<RoomGuest> JoinAsync(IPEndPoint edge, string user, string room, JoinFrom from = default)
    {
        RoomGuest guest = await ConnectAsync(edge, () => "user:" + user);
        await guest.JoinAsync(room, from);
        return guest;
    }

    public static async Task<RoomGuest> JoinAsync(IRestartableRelay relay, int edge, string user, string room, JoinFrom from = default)
    {
        RoomGuest guest = await ConnectAsync(relay, edge, user);
        await guest.JoinAsync(room, from);
        return guest;
    }

    public async Task JoinAsync(string room, JoinFrom from = default)
    {
        _subscription = await Client.JoinAsync(room, from, TestContext.Current.CancellationToken);
        From = _subscription.Position;
        _reading = ReadAsync(_subscription);
    }

    public async Task LeaveAsync()
    {
        await _subscription!.LeaveAsync(TestContext.Current.CancellationToken);
        await _reading;
    }

    public Task<Position> ControlAsync(string room, RoomControl control) =>
        Client.ControlAsync(room, control, TestContext.Current.CancellationToken).AsTask();

    public Task<Position> PublishAsync(string room, string text) =>
        Client.PublishAsync(room, text, TestContext.Current.CancellationToken).AsTask();

    /// <summary>Waits until it has read everything up to where the room was when it joined.</summary>
    public Task HistoryReadAsync() => _subscription!.HistoryRead.WaitAsync(Patience, TestContext.Current.CancellationToken);

    /// <summary>Waits until it was told something.</summary>
    public Task<T> HearAsync<T>(Func<T, bool> isIt)
        where T : RelayEvent =>
        UntilAsync(events => events.OfType<T>().FirstOrDefault(isIt), Patience, typeof(T).Name);

    /// <summary>Waits until what it was told last of a kind is so.</summary>
    public Task<T> HearAtLastAsync<T>(Func<T, bool> isIt, TimeSpan patience)
        where T : RelayEvent =>
        UntilAsync(events => events.OfType<T>().LastOrDefault() is { } last && isIt(last) ? last : null, patience, typeof(T).Name);

    /// <summary>Waits until it is put out.</summary>
    public async Task<ErrorCode> PutOutAsync()
    {
        await _reading.WaitAsync(Patience, TestContext.Current.CancellationToken);
        return Failure?.Code ?? ErrorCode.None;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _reading;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<T> UntilAsync<T>(Func<List<RelayEvent>, T?> find, TimeSpan patience, string what)
        where T : class
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(patience);
        while (true)
        {
            Task news;
            lock (_gate)
            {
                if (find(_events) is { } found)
                {
                    return found;
                }

                news = _news.Task;
            }

            try
            {
                await news.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"{Client.UserId} was not told of {what} within {patience.TotalSeconds} s; ended with {Failure?.Message ?? "nothing"}");
            }
        }
    }

    private async Task ReadAsync(RelaySubscription subscription)
    {
        try
        {
            await foreach (RelayEvent next in subscription)
            {
                TaskCompletionSource news;
                lock (_gate)
                {
                    _events.Add(next);
                    news = _news;
                    _news = NewSignal();
                }

                news.SetResult();
            }
        }
        catch (RelayException e)
        {
            Failure = e;
        }
    }
}
