using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>What WELCOME said, checked.</summary>
internal sealed record SessionWelcome
{
    private const int WindowMessagesMax = 1_000_000;

    public required string UserId { get; init; }

    public required TimeSpan Heartbeat { get; init; }

    public required TimeSpan IdleTimeout { get; init; }

    public required int ServerFrameBytesMax { get; init; }

    public required int ChannelsMax { get; init; }

    /// <summary>The edge knows the capability <c>rooms</c>.</summary>
    public required bool HasRooms { get; init; }

    /// <summary>The edge knows the capability <c>services</c>, and we want to use it.</summary>
    public required bool HasServices { get; init; }

    public required PublishLimits Publish { get; init; }

    public static SessionWelcome From(in WelcomeBody body, RelayClientOptions options)
    {
        if (body.Version != ProtocolLimits.Version)
        {
            throw new ProtocolFaultException($"the server chose version {body.Version}, which was not offered");
        }

        if (body.PublishWindowMessages == 0 || body.HeartbeatMilliseconds == 0 || body.IdleTimeoutMilliseconds == 0)
        {
            throw new ProtocolFaultException("WELCOME has a zero where a limit belongs");
        }

        bool hasRooms = (body.Capabilities & Capabilities.Rooms) != 0;
        bool hasServices = hasRooms && options.HasServices && (body.Capabilities & Capabilities.Services) != 0;
        return new SessionWelcome
        {
            UserId = Encoding.UTF8.GetString(body.UserId),
            Heartbeat = TimeSpan.FromMilliseconds(body.HeartbeatMilliseconds),
            IdleTimeout = TimeSpan.FromMilliseconds(body.IdleTimeoutMilliseconds),
            ServerFrameBytesMax = (int)Math.Min(body.ServerFrameBytesMax, (uint)options.ServerFrameBytesMax),
            ChannelsMax = (int)Math.Min(body.ChannelsMax, int.MaxValue),
            HasRooms = hasRooms,
            HasServices = hasServices,
            Publish = new PublishLimits(
                (int)Math.Min(body.PublishWindowMessages, WindowMessagesMax),
                (int)Math.Min(body.PayloadBytesMax, int.MaxValue),
                (int)Math.Min(body.ClientFrameBytesMax, ProtocolLimits.ClientFrameBytesMax),
                hasRooms,
                hasServices),
        };
    }
}
