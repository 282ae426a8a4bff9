using System.ComponentModel.DataAnnotations;
using System.Net;

namespace RelayServer.Options;

/// <summary>Settings of the one-process relay (<c>relay</c> without a role); section <c>Local</c>.</summary>
public sealed class LocalOptions
{
    /// <summary>Where its edges listen, one edge for each.</summary>
    [MinLength(1), MaxLength(16)]
    public IList<IPEndPoint> Listen { get; set; } = [new(IPAddress.Loopback, 7400), new(IPAddress.Loopback, 7401)];

    /// <summary>User of the chat token that is written at the start.</summary>
    [Required]
    public string TokenUser { get; set; } = "guest";

    /// <summary>How long that token is good, in hours.</summary>
    [Range(1, 24 * 31)]
    public int TokenHours { get; set; } = 24;

    /// <summary>Run the sample services news, music and social when <c>Adapters:Subscriptions</c> names no others?</summary>
    public bool SampleServices { get; set; } = true;
}
