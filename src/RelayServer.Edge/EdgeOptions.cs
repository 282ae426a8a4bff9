using System.ComponentModel.DataAnnotations;
using RelayServer.Protocol;

namespace RelayServer.Edge;

/// <summary>Settings of an edge; section <c>Edge</c>.</summary>
public sealed class EdgeOptions
{
    /// <summary>The name when nothing gives another.</summary>
    public const string NameDefault = "edge";

    /// <summary>
    /// Name in WELCOME, logs and metrics, and of its part of a room that is split by edges; the id of the running edge is this and a random
    /// part. Edges with one name share such a part.
    /// </summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    public string? Name { get; set; }

    /// <summary>Address and port for clients; port 0 takes a free one.</summary>
    [Required]
    public string Listen { get; set; } = "127.0.0.1:7400";

    /// <summary>PEM file with the certificate (chain); with it the edge speaks TLS only.</summary>
    public string? TlsCertificateFile { get; set; }

    /// <summary>PEM file with the certificate's private key.</summary>
    public string? TlsKeyFile { get; set; }

    /// <summary>Connections at a time; one more is closed with TooManyConnections.</summary>
    [Range(1, 1_000_000)]
    public int ConnectionsMax { get; set; } = 19_500;

    /// <summary>Connections at a time that have not been welcomed yet, TLS handshakes included; one more is closed with TooManyConnections.</summary>
    [Range(1, 1_000_000)]
    public int HandshakesMax { get; set; } = 4096;

    /// <summary>From accepting a connection to WELCOME, in milliseconds.</summary>
    [Range(100, 60_000)]
    public int HandshakeTimeoutMilliseconds { get; set; } = 5000;

    /// <summary>After sending nothing for this long a side sends PING, in milliseconds.</summary>
    [Range(100, 600_000)]
    public int HeartbeatMilliseconds { get; set; } = 30_000;

    /// <summary>After receiving nothing for this long a side closes, in milliseconds.</summary>
    [Range(200, 3_600_000)]
    public int IdleTimeoutMilliseconds { get; set; } = 75_000;

    /// <summary>Body of one frame of a client, in bytes.</summary>
    [Range(1024, ProtocolLimits.ClientFrameBytesMax)]
    public int ClientFrameBytesMax { get; set; } = ProtocolLimits.ClientFrameBytesMax;

    /// <summary>Payload of one message, in bytes.</summary>
    [Range(16, ProtocolLimits.PayloadBytesMax)]
    public int PayloadBytesMax { get; set; } = ProtocolLimits.PayloadBytesMax;

    /// <summary>Channels that one session may join.</summary>
    [Range(1, 10_000)]
    public int ChannelsPerSessionMax { get; set; } = 256;

    /// <summary>
    /// JOINs of one session that are taken in a second; more are refused with RateLimited. As many as
    /// <see cref="ChannelsPerSessionMax"/> may come at once, so that a client that comes back has all its channels at
    /// once. 0 sets no limit.
    /// </summary>
    [Range(0, 100_000)]
    public int JoinsPerSecondMax { get; set; } = 50;

    /// <summary>Channels with members at this edge; a JOIN of one more is refused with Overloaded.</summary>
    [Range(1, 10_000_000)]
    public int ChannelsMax { get; set; } = 200_000;

    /// <summary>Memberships of all sessions in channels; one more is refused with Overloaded.</summary>
    [Range(1, 100_000_000)]
    public int MembershipsMax { get; set; } = 1_000_000;

    /// <summary>Publishes of one session that wait for their answer.</summary>
    [Range(1, 100_000)]
    public int PublishWindowMessages { get; set; } = 1024;

    /// <summary>
    /// Publishes of one session that are taken in a second, and at once after a quiet time; more are refused with
    /// RateLimited. WELCOME gives a window that is no wider. 0 sets no limit: the window is what paces publishers.
    /// </summary>
    [Range(0, 10_000_000)]
    public int PublishesPerSecondMax { get; set; }

    /// <summary>The same in bytes of PUBLISH bodies.</summary>
    [Range(0, int.MaxValue)]
    public int PublishBytesPerSecondMax { get; set; }

    /// <summary>
    /// Controls (PUBLISH of kind 2) of one session that are taken in a second, and at once after a quiet time; more are refused with
    /// RateLimited. Operators, and tokens of the role service that name no service, have no such limit. 0 sets none.
    /// </summary>
    [Range(0, 100_000)]
    public int ControlsPerSecondMax { get; set; } = 20;

    /// <summary>QUERYs of one session that are taken in a second, and at once after a quiet time; more are refused with RateLimited. 0 sets no limit.</summary>
    [Range(0, 100_000)]
    public int QueriesPerSecondMax { get; set; } = 10;

    /// <summary>Commands for services of one session that are taken in a second, and at once after a quiet time; more are refused with RateLimited. 0 sets no limit.</summary>
    [Range(0, 100_000)]
    public int CommandsPerSecondMax { get; set; } = 10;

    /// <summary>
    /// Reactions of one session that are taken in a second, and at once after a quiet time, each counted as often as its
    /// REACT says; what is above is dropped, and refused with RateLimited once a second at most. 0 sets no limit.
    /// </summary>
    [Range(0, 1_000_000)]
    public int ReactionsPerSecondMax { get; set; } = 50;

    /// <summary>Bytes that wait for one slow connection; above, it is closed with SlowConsumer and can resume.</summary>
    [Range(128 * 1024, 64 * 1024 * 1024)]
    public int OutboundBytesMax { get; set; } = 1024 * 1024;

    /// <summary>
    /// Frames held for connections, in bytes, each counted once however many wait for it, over the whole process; above,
    /// a connection with more than 32 KiB waiting counts as slow.
    /// </summary>
    [Range(1L << 20, 1L << 40)]
    public long HeldFramesBytesMax { get; set; } = 1L << 30;

    /// <summary>Send buffer that the kernel keeps for each connection, in bytes; 0 leaves it to the kernel, which gives up to 4 MiB.</summary>
    [Range(0, 64 * 1024 * 1024)]
    public int SocketSendBufferBytes { get; set; } = 128 * 1024;

    /// <summary>Frames of clients that wait to be processed, in bytes, over all sessions; above, reading pauses.</summary>
    [Range(1 << 20, 1 << 30)]
    public int InboxBytesMax { get; set; } = 32 * 1024 * 1024;

    /// <summary>Relays of masters that wait to be processed, in bytes; what does not fit is read from the log.</summary>
    [Range(1 << 20, 1 << 30)]
    public int RelayInboxBytesMax { get; set; } = 64 * 1024 * 1024;

    /// <summary>Publishes held for masters until they are answered, in bytes; above, they are refused with Overloaded.</summary>
    [Range(64 * 1024, 1 << 30)]
    public int UpstreamBytesMax { get; set; } = 32 * 1024 * 1024;

    /// <summary>How long a publish is held when no master answers, in milliseconds; then it is refused with Unavailable.</summary>
    [Range(1000, 600_000)]
    public int PublishHoldMilliseconds { get; set; } = 10_000;

    /// <summary>A batch that no master answered is sent again after this, in milliseconds.</summary>
    [Range(200, 60_000)]
    public int ResendMilliseconds { get; set; } = 1500;

    /// <summary>Recent batches kept for joins and resumes, for one channel, in bytes.</summary>
    [Range(0, 64 * 1024 * 1024)]
    public int RecentChannelBytesMax { get; set; } = 512 * 1024;

    /// <summary>Recent batches kept for joins and resumes, over all channels, in bytes.</summary>
    [Range(0, int.MaxValue)]
    public int RecentBytesMax { get; set; } = 128 * 1024 * 1024;

    /// <summary>
    /// What came for channels while holes in them are read from the log, over all channels, in bytes; above, it is
    /// dropped and read from the log, too.
    /// </summary>
    [Range(1 << 20, 1 << 30)]
    public int ParkedBytesMax { get; set; } = 64 * 1024 * 1024;

    /// <summary>Reads of logs at a time, for members that catch up and for holes; more wait for their turn.</summary>
    [Range(1, 1024)]
    public int CatchUpReadsMax { get; set; } = 32;

    /// <summary>Requests of operators over HTTP that wait for their answer; one more is refused with Overloaded.</summary>
    [Range(1, 10_000)]
    public int OperatorRequestsMax { get; set; } = 64;

    /// <summary>How long such a request is tried before it is answered with Unavailable, in milliseconds.</summary>
    [Range(100, 600_000)]
    public int OperatorTimeoutMilliseconds { get; set; } = 10_000;

    /// <summary>Threads that write to connections; 0 takes half of the processors, at least one.</summary>
    [Range(0, 64)]
    public int FanoutThreads { get; set; }

    /// <summary>How long a stopping edge gives its sessions to move, in milliseconds.</summary>
    [Range(0, 600_000)]
    public int DrainMilliseconds { get; set; } = 5000;
}
