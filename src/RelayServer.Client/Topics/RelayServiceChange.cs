using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>A service that this room or inbox has to do with has come, or has gone.</summary>
public sealed class RelayServiceChange : RelayEvent
{
    internal RelayServiceChange(string channel, in ServiceBody body)
    {
        Channel = channel;
        Service = Encoding.UTF8.GetString(body.Name);
        IsAvailable = body.IsAvailable;
    }

    /// <inheritdoc/>
    public override string Channel { get; }

    /// <summary>Its name.</summary>
    public string Service { get; }

    /// <summary>True when an instance of it is there to take commands.</summary>
    public bool IsAvailable { get; }
}
