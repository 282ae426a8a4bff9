using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Client;

/// <summary>What a scripted WELCOME says.</summary>
internal sealed record ScriptedWelcome
{
    public Capabilities Capabilities { get; init; } = Capabilities.Ephemeral | Capabilities.Rooms;

    public string UserId { get; init; } = "user-1";

    public uint HeartbeatMilliseconds { get; init; } = 20_000;

    public uint IdleTimeoutMilliseconds { get; init; } = 60_000;

    public uint PayloadBytesMax { get; init; } = 60 * 1024;

    public uint ChannelsMax { get; init; } = 100;

    public uint PublishWindowMessages { get; init; } = 256;
}
