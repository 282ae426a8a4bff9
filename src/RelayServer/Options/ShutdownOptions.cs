using System.ComponentModel.DataAnnotations;

namespace RelayServer.Options;

/// <summary>How a relay stops; section <c>Shutdown</c>.</summary>
public sealed class ShutdownOptions
{
    /// <summary>
    /// Time for everything to stop, in seconds; whatever still runs then is cut. Keep it above the edge's drain time and
    /// below what the process's supervisor allows before it kills.
    /// </summary>
    [Range(1, 600)]
    public int TimeoutSeconds { get; set; } = 30;
}
