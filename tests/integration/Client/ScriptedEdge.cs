using System.Net;
using System.Net.Sockets;
using RelayServer.Client;

namespace RelayServer.IntegrationTests.Client;

/// <summary>
/// A server on a loopback port that does what the test tells it, frame by frame. It knows the bytes of the protocol and
/// none of its rules.
/// </summary>
internal sealed class ScriptedEdge : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<ScriptedSession> _sessions = [];

    public ScriptedEdge()
    {
        _listener.Start();
        Endpoint = new RelayEndpoint("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
    }

    public RelayEndpoint Endpoint { get; }

    /// <summary>What WELCOME says.</summary>
    public ScriptedWelcome Welcome { get; set; } = new();

    /// <summary>Options of a client for this edge, with waits short enough for a test.</summary>
    public RelayClientOptions ClientOptions => new()
    {
        Endpoints = [Endpoint],
        TokenProvider = _ => ValueTask.FromResult("token-1"),
        ReconnectBackoffMin = TimeSpan.FromMilliseconds(1),
        ReconnectBackoffMax = TimeSpan.FromMilliseconds(20),
        CloseTimeout = TimeSpan.FromMilliseconds(100),
    };

    /// <summary>The next connection, before anything was read from it.</summary>
    public async Task<ScriptedSession> AcceptAsync()
    {
        using var deadline = new CancellationTokenSource(ScriptedSession.Deadline);
        var session = new ScriptedSession(await _listener.AcceptSocketAsync(deadline.Token));
        _sessions.Add(session);
        return session;
    }

    /// <summary>The next connection, signed in.</summary>
    public async Task<ScriptedSession> AcceptReadyAsync()
    {
        ScriptedSession session = await AcceptAsync();
        await session.ReadSignInAsync();
        await session.WelcomeAsync(Welcome);
        return session;
    }

    /// <summary>A client that is connected, and the edge's end of it.</summary>
    public async Task<(RelayClient Client, ScriptedSession Session)> ConnectAsync(RelayClientOptions? options = null)
    {
        var client = new RelayClient(options ?? ClientOptions);
        Task connecting = client.ConnectAsync();
        ScriptedSession session = await AcceptReadyAsync();
        await connecting.WaitAsync(ScriptedSession.Deadline);
        return (client, session);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        foreach (ScriptedSession session in _sessions)
        {
            await session.DisposeAsync();
        }
    }
}
