using System.Collections.Concurrent;
using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.Cli.Services;

/// <summary>What services can do, asked of the relay and remembered. Bounded: what is above is asked again.</summary>
/// <param name="ask">Asks for a page: of a service or null, of a topic or null, after a line or null.</param>
internal sealed class ServiceMenus(Func<string?, string?, MenuLine?, CancellationToken, Task<MenuPage>> ask)
{
    private const int ServicesMax = 256;

    // What is shown waits for so long to be shown with all its words.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, IReadOnlyList<MenuLine>> _known = new(StringComparer.Ordinal);

    /// <summary>Those of a relay.</summary>
    /// <param name="client">Connected.</param>
    /// <param name="channel">The room that they are about; null for one's own inbox.</param>
    public static ServiceMenus Of(RelayClient client, string? channel) => new(
        (service, topic, after, stop) => client.QueryMenuAsync(service, topic, channel, after: after, cancellationToken: stop));

    /// <summary>All pages of a menu: services; verbs and topics of one; or the subjects of a topic.</summary>
    /// <exception cref="RelayException">Refused, or not answered.</exception>
    public async Task<IReadOnlyList<MenuLine>> ReadAsync(string? service, string? topic, CancellationToken cancellationToken)
    {
        IReadOnlyList<MenuLine> lines = await AllPages.ReadAsync<MenuLine>(async last =>
        {
            MenuPage page = await ask(service, topic, last, cancellationToken);
            return (page.Lines, page.HasMore);
        });
        if (service is not null && topic is null)
        {
            Remember(service, lines);
        }

        return lines;
    }

    /// <summary>A verb of a service; null when the service is there and has none such.</summary>
    /// <exception cref="RelayException">Refused, or not answered.</exception>
    public async Task<MenuLine?> FindVerbAsync(string service, string verb, CancellationToken cancellationToken) =>
        Verb(service, verb) ?? Find(await ReadAsync(service, null, cancellationToken), verb);

    /// <summary>Learns what a service can do, so that <see cref="Verb"/> knows it; does without when the relay does not say soon.</summary>
    public async Task TryLearnAsync(string service, CancellationToken cancellationToken)
    {
        if (_known.ContainsKey(service) || !ServiceName.IsValid(service))
        {
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await ReadAsync(service, null, patience.Token);
        }
        catch (Exception e) when (e is RelayException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Remember(service, []);
        }
    }

    /// <summary>A verb as far as it is known; null when it is not.</summary>
    public MenuLine? Verb(string service, string verb) => _known.TryGetValue(service, out IReadOnlyList<MenuLine>? lines) ? Find(lines, verb) : null;

    private static MenuLine? Find(IReadOnlyList<MenuLine> lines, string verb) =>
        lines.FirstOrDefault(line => line.Kind == MenuKind.Verb && line.Name == verb);

    private void Remember(string service, IReadOnlyList<MenuLine> lines)
    {
        if (_known.Count < ServicesMax || _known.ContainsKey(service))
        {
            _known[service] = lines;
        }
    }
}
