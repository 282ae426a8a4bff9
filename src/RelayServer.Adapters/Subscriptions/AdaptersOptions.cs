using System.ComponentModel.DataAnnotations;
using System.Net;
using RelayServer.Storage;

namespace RelayServer.Adapters.Subscriptions;

/// <summary>Services that run beside the relay or in processes of their own; section <c>Adapters</c>.</summary>
public sealed class AdaptersOptions
{
    /// <summary>The edges of the relay, as <c>host:port</c>; tried one after the other.</summary>
    [MinLength(1), MaxLength(64)]
    public IList<string> Edges { get; set; } = ["127.0.0.1:7400"];

    /// <summary>Do the edges speak TLS?</summary>
    public bool Tls { get; set; }

    /// <summary>A PEM file with the authority of the edges' certificate; none takes those of the system.</summary>
    public string? TlsAuthorityFile { get; set; }

    /// <summary>Where webhooks are taken; only listened on when there is one.</summary>
    public IPEndPoint HooksListen { get; set; } = new(IPAddress.Loopback, 7491);

    /// <summary>Where items, comments and what is not sent yet are kept, for all services of the process.</summary>
    public DatabaseOptions Storage { get; set; } = new() { File = "adapters.db" };

    /// <summary>The services.</summary>
    [MaxLength(64)]
    public IList<SubscriptionsOptions> Subscriptions { get; set; } = [];

    /// <summary>What is wrong with settings that depend on each other, a line each.</summary>
    public IEnumerable<string> FindProblems() => OptionProblems.Of(this);
}
