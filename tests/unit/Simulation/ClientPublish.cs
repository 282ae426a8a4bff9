using RelayServer.Protocol;

namespace RelayServer.UnitTests.Simulation;

/// <summary>A publish that has no answer yet; a control when it has a payload of its own.</summary>
internal sealed record ClientPublish(ulong Number, string Channel, byte[]? Control = null)
{
    public MessageKind Kind => Control is null ? MessageKind.Text : MessageKind.Control;

    public bool IsSent { get; set; }

    public ulong NotBefore { get; set; }
}
