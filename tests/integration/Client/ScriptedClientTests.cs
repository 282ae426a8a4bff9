using RelayServer.Client;

namespace RelayServer.IntegrationTests.Client;

/// <summary>Tests of a client against a scripted edge: both are gone after the test, and nothing waits for ever.</summary>
public abstract class ScriptedClientTests : IAsyncLifetime
{
    private RelayClient? _client;

    private protected ScriptedEdge Edge { get; } = new();

    /// <summary>The client under test; a test that connects one puts it here.</summary>
    private protected RelayClient Client
    {
        get => _client ?? throw new InvalidOperationException("the test has not connected yet");
        set => _client = value;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync().AsTask().WaitAsync(ScriptedSession.Deadline);
        }

        await Edge.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Connects the client; returns the edge's end.</summary>
    private protected async Task<ScriptedSession> ConnectAsync(RelayClientOptions? options = null)
    {
        (Client, ScriptedSession session) = await Edge.ConnectAsync(options);
        return session;
    }

    /// <summary>Connects the client and joins the lobby.</summary>
    private protected async Task<(RelaySubscription Lobby, ScriptedSession Session)> JoinAsync(
        JoinFrom from = default, ulong fromSeq = 0, ulong topSeq = 0, RelayClientOptions? options = null)
    {
        ScriptedSession session = await ConnectAsync(options);
        return (await JoinAsync(session, "lobby", from, fromSeq, topSeq), session);
    }

    /// <summary>Joins one more channel.</summary>
    private protected async Task<RelaySubscription> JoinAsync(
        ScriptedSession session, string channel, JoinFrom from = default, ulong fromSeq = 0, ulong topSeq = 0)
    {
        Task<RelaySubscription> joining = Client.JoinAsync(channel, from);
        await session.GrantJoinAsync(fromSeq, topSeq);
        return await joining.WaitAsync(ScriptedSession.Deadline);
    }

    /// <inheritdoc cref="ScriptedSession.TakenInAsync"/>
    private protected static Task TakenInAsync(ScriptedSession session) => session.TakenInAsync();

    private protected static async Task<RelayMessage> NextMessageAsync(IAsyncEnumerator<RelayEvent> reader)
    {
        Assert.True(await reader.MoveNextAsync().AsTask().WaitAsync(ScriptedSession.Deadline));
        return Assert.IsType<RelayMessage>(reader.Current);
    }

    /// <summary>The next events.</summary>
    private protected static async Task<List<RelayEvent>> ReadAsync(RelaySubscription subscription, int count)
    {
        using var deadline = new CancellationTokenSource(ScriptedSession.Deadline);
        var events = new List<RelayEvent>();
        await foreach (RelayEvent next in subscription.WithCancellation(deadline.Token))
        {
            events.Add(next);
            if (events.Count == count)
            {
                break;
            }
        }

        return events;
    }

    /// <summary>The next messages; fewer when the subscription ends.</summary>
    private protected static async Task<List<string>> ReadTextsAsync(RelaySubscription subscription, int count)
    {
        using var deadline = new CancellationTokenSource(ScriptedSession.Deadline);
        var texts = new List<string>();
        await foreach (RelayMessage message in subscription.ReadMessagesAsync(deadline.Token))
        {
            texts.Add(message.Text);
            if (texts.Count == count)
            {
                break;
            }
        }

        return texts;
    }
}
