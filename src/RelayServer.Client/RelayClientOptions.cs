using System.Net.Security;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>What a <see cref="RelayClient"/> is made from. Every bound has its unit in its name or its type.</summary>
public sealed record RelayClientOptions
{
    /// <summary>Edges to try, one after the other. At least one.</summary>
    public required IReadOnlyList<RelayEndpoint> Endpoints { get; init; }

    /// <summary>
    /// Gives the token to sign in with. Asked at the first connection and again whenever an edge refuses the token
    /// (codes 2xxx); in between the token is kept, so that a reconnect storm does not become one at the issuer. What it throws counts as a
    /// refused token, tried again for <see cref="RefusalRetryTimeout"/>; with a <see cref="RelayException"/> it says by the code what follows:
    /// <see cref="ErrorCode.None"/> is tried again as a lost connection is, a code 3xxx ends the client.
    /// </summary>
    public required Func<CancellationToken, ValueTask<string>> TokenProvider { get; init; }

    /// <summary>Start at a random endpoint instead of the first, so that clients spread over edges. Default true.</summary>
    public bool ShuffleEndpoints { get; init; } = true;

    /// <summary>Name and version of the program, for the operator's logs; at most 512 bytes. Default the library's own.</summary>
    public string Agent { get; init; } = "RelayServer.Client/0.1";

    /// <summary>
    /// TLS, when not null: the options for one endpoint, <c>TargetHost</c> included. Default null: plain TCP, over which
    /// tokens travel in the clear.
    /// </summary>
    public Func<RelayEndpoint, SslClientAuthenticationOptions>? Tls { get; init; }

    /// <summary>Longest time for name lookup, TCP and TLS of one endpoint. Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time from HELLO to WELCOME, the token provider not counted. Default 5 s.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time that disposal spends on sending what is queued and saying goodbye. Default 2 s.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Upper end of the first random wait before a reconnect; it doubles with every failed attempt. A back-off that
    /// the server names is waited for in full, whatever this says. Default 100 ms.
    /// </summary>
    public TimeSpan ReconnectBackoffMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The upper end stops growing here. Default 10 s.</summary>
    public TimeSpan ReconnectBackoffMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a publish or a first join that is refused for now (codes 1xxx), or a token that is refused after it was
    /// good once, is tried again before the refusal is handed to the caller. Default 30 s.
    /// </summary>
    public TimeSpan RefusalRetryTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// In a room in slow mode, keep what comes too early until its turn, and what follows it, too: a program that feeds a
    /// room wants that. When false, <see cref="ErrorCode.SlowMode"/> goes to the caller at once: a person wants to know.
    /// Waits above <see cref="RefusalRetryTimeout"/> always go to the caller. Default true.
    /// </summary>
    public bool RetryInSlowMode { get; init; } = true;

    /// <summary>Longest time from a question about a room to its answer, reconnects included. Default 10 s.</summary>
    public TimeSpan QueryTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Use services: commands, menus, subscriptions and updates. A text that begins with one slash is a command then. When false,
    /// it is a text like any other. Default true.
    /// </summary>
    public bool HasServices { get; init; } = true;

    /// <summary>
    /// Longest time from a command to its answer, reconnects included; longer than the 60 s that a service may take. Default 65 s.
    /// </summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(65);

    /// <summary>
    /// Names this client's messages, together with their numbers. A service that keeps it can publish an update again after a
    /// restart, and it is the same update; no two clients may have the same at a time. Default null: a random one.
    /// </summary>
    public ulong? ProducerId { get; init; }

    /// <summary>Commands that one instance of a service handles at a time; more of them wait. Default 64.</summary>
    public int ServiceCallsMax { get; init; } = 64;

    /// <summary>Encoded publishes kept until they are answered, in bytes; further ones wait. Default 4 MiB.</summary>
    public int PublishBufferBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// Publishes that may wait for room in the window and the buffer; one more fails with
    /// <see cref="ErrorCode.Overloaded"/>. Default 65,536.
    /// </summary>
    public int PublishBacklogMessagesMax { get; init; } = 65_536;

    /// <summary>Received and not yet read, per channel, in bytes. When full the socket is not read. Default 1 MiB.</summary>
    public int ReceiveQueueBytesMax { get; init; } = 1024 * 1024;

    /// <summary>
    /// How long one full channel may keep the connection from being read. After it, what arrives for that channel is
    /// passed over, and fetched again from the log once its reader has made room: other channels, acks and heartbeats
    /// go on. Default 1 s.
    /// </summary>
    public TimeSpan ConsumerStallTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Largest frame body taken from a server, in bytes, whatever WELCOME says. Default 128 KiB.</summary>
    public int ServerFrameBytesMax { get; init; } = ProtocolLimits.ServerFrameBytesMax;

    /// <summary>The clock. Default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Endpoints);
        ArgumentNullException.ThrowIfNull(TokenProvider);
        ArgumentNullException.ThrowIfNull(Agent);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        Check(Endpoints.Count > 0, nameof(Endpoints), "needs at least one edge");
        Check(
            System.Text.Encoding.UTF8.GetByteCount(Agent) <= ProtocolLimits.TextBytesMax,
            nameof(Agent), $"must not be above {ProtocolLimits.TextBytesMax} bytes");
        CheckPositive(ConnectTimeout, nameof(ConnectTimeout));
        CheckPositive(HandshakeTimeout, nameof(HandshakeTimeout));
        CheckPositive(CloseTimeout, nameof(CloseTimeout));
        CheckPositive(ReconnectBackoffMin, nameof(ReconnectBackoffMin));
        Check(ReconnectBackoffMax >= ReconnectBackoffMin, nameof(ReconnectBackoffMax), "must not be below ReconnectBackoffMin");
        Check(RefusalRetryTimeout >= TimeSpan.Zero, nameof(RefusalRetryTimeout), "must not be negative");
        CheckPositive(QueryTimeout, nameof(QueryTimeout));
        CheckPositive(CommandTimeout, nameof(CommandTimeout));
        Check(ServiceCallsMax > 0, nameof(ServiceCallsMax), "must be above 0");
        Check(PublishBufferBytesMax > 0, nameof(PublishBufferBytesMax), "must be above 0");
        Check(PublishBacklogMessagesMax >= 0, nameof(PublishBacklogMessagesMax), "must not be negative");
        Check(ReceiveQueueBytesMax > 0, nameof(ReceiveQueueBytesMax), "must be above 0");
        CheckPositive(ConsumerStallTimeout, nameof(ConsumerStallTimeout));
        Check(
            ServerFrameBytesMax >= ProtocolLimits.HandshakeFrameBytesMax,
            nameof(ServerFrameBytesMax), $"must be at least {ProtocolLimits.HandshakeFrameBytesMax}");
    }

    private static void CheckPositive(TimeSpan value, string name) =>
        Check(value > TimeSpan.Zero && value.TotalMilliseconds < int.MaxValue, name, "must be above 0");

    private static void Check(bool holds, string name, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException($"{name} {rule}", name);
        }
    }
}
