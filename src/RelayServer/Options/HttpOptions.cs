using System.ComponentModel.DataAnnotations;
using System.Net;

namespace RelayServer.Options;

/// <summary>Settings of the HTTP listener for health, metrics and operators; section <c>Http</c>.</summary>
public sealed class HttpOptions
{
    /// <summary>Where it listens. Beyond the loopback, metrics ask for <see cref="TokenFile"/> or <see cref="AnonymousMetrics"/>.</summary>
    [Required]
    public IPEndPoint Listen { get; set; } = new(IPAddress.Loopback, 7480);

    /// <summary>A file, mode 0600, with the bearer token that <c>/</c> and <c>/metrics</c> ask for; null asks for none on the loopback.</summary>
    public string? TokenFile { get; set; }

    /// <summary>Serves <c>/</c> and <c>/metrics</c> to everybody who can reach the listener.</summary>
    public bool AnonymousMetrics { get; set; }

    /// <summary>
    /// Takes requests of operators (<c>/rooms</c>) from other machines, too. Their tokens then cross the network unencrypted,
    /// unless a proxy in front speaks TLS.
    /// </summary>
    public bool RemoteAdmin { get; set; }
}
