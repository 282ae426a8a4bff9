using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using RelayServer.Adapters.Subscriptions;
using RelayServer.Client;
using RelayServer.Edge;
using RelayServer.Http;
using RelayServer.Http.Admin;
using RelayServer.Identity;
using RelayServer.Metrics;
using RelayServer.Options;

namespace RelayServer.Hosting;

/// <summary>Puts the parts of a role together. The only place that knows which parts there are.</summary>
/// <param name="settings">The settings.</param>
/// <param name="readiness">The process's readiness; asked once the parts are there.</param>
/// <param name="failed">Told why, when a part ends by itself.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">Makes the parts' loggers.</param>
internal sealed class RelayComposition(
    RelaySettings settings, Func<Readiness> readiness, Action<string> failed, TimeProvider time, ILoggerFactory loggers) : IDisposable
{
    private readonly RelayMetrics _metrics = new(settings.Metrics);
    private readonly ProcessMetrics _process = new(() => readiness().Read().Ready);

    /// <summary>The parts of a role.</summary>
    /// <exception cref="StartException">The settings do not allow the role.</exception>
    public RelayParts Create(RelayRole role) => role switch
    {
        RelayRole.Local => CreateLocal(),
        RelayRole.Master => CreateMaster(),
        RelayRole.Edge => CreateEdge(),
        RelayRole.Auth => CreateAuth(),
        RelayRole.Subscriptions => CreateSubscriptions(),
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };

    public void Dispose()
    {
        _process.Dispose();
        _metrics.Dispose();
    }

    private RelayParts CreateLocal()
    {
        var key = new TrustedKey(settings.Tokens.Issuer, SigningKey.CreateHs256(TokenKeys.LocalKeyId));
        var folder = new DataFolderPart(DataFolder.Locate(settings.Data));
        AuthPart? auth = settings.Auth.Enabled ? new AuthPart(settings.Auth, folder, isLocal: true, time, loggers) : null;
        KeySetPart[] keySets = CreateKeySets();
        TokenValidator tokens = CreateValidator([key, .. TokenKeys.Read(settings.Tokens)], keySets, auth?.Keys);
        EdgePart[] edges = [];
        HttpPart http = CreateHttp(CreateAdmin(() => edges, tokens));
        var fabric = new FabricPart("fabric", cancellationToken => FabricOpener.OpenEmbeddedAsync(settings.Embedded, folder.Folder, time, loggers, cancellationToken));

        // So that a service knows a user by one name, whether it is called over the relay or shown a token.
        var master = new MasterPart(settings.Master, () => fabric.Fabric, failed, time, loggers, auth is null ? null : auth.ReadSubjectKeyAsync);
        edges = [.. settings.Local.Listen.Select((listen, index) => new EdgePart(
            NumberedEdge(index), listen, $"Local:Listen:{index}", () => fabric.Fabric, tokens, failed, time, loggers))];
        AdaptersPart? services = CreateServices(edges, folder, key);
        var credentials = new CredentialsPart(folder, key, settings.Tokens, settings.Local, time);
        IReadOnlyList<IRelayPart> authStage = auth is null ? [] : [auth];
        IRelayPart[] beside = services is null ? [] : [services];
        return new RelayParts(
            [[http], [folder], [fabric], [master], [.. authStage, .. keySets], edges, beside, [credentials]],
            http, () => [.. edges.Select(edge => edge.Endpoint)], folder, auth, services);
    }

    private AdaptersPart? CreateServices(EdgePart[] edges, DataFolderPart folder, TrustedKey key)
    {
        settings.Adapters.Subscriptions = AdapterSettings.ServicesOf(settings);
        if (settings.Adapters.Subscriptions.Count == 0)
        {
            return null;
        }

        var connector = new ServiceConnector(
            () => [.. edges.Select(edge => StartScreen.Reachable(edge.Endpoint)).Select(edge => new RelayEndpoint(edge.Address.ToString(), edge.Port))],
            start => start.TokenFile is null ? ServiceTokens.Mint(key, settings.Tokens, start, time) : ServiceTokens.Read(start),
            ServiceTls.OfOwn(settings.Edge));
        return new AdaptersPart(settings.Adapters, folder, connector.ConnectAsync, time, loggers);
    }

    private RelayParts CreateSubscriptions()
    {
        if (settings.Adapters.Subscriptions.Count == 0)
        {
            throw new StartException("no services: describe one in Adapters:Subscriptions:0 of a file (--config); src/RelayServer.Adapters/README.md has an example");
        }

        // A token may be renewed later; that there is none, or that others may read it, is said at once.
        foreach (SubscriptionsOptions service in settings.Adapters.Subscriptions)
        {
            ServiceTokens.Read(service.Name, service.TokenFile);
        }

        HttpPart http = CreateHttp(null);
        var folder = new DataFolderPart(DataFolder.Locate(settings.Data));
        RelayEndpoint[] edges = [.. settings.Adapters.Edges.Select(RelayEndpoint.Parse)];
        var connector = new ServiceConnector(() => edges, ServiceTokens.Read, ServiceTls.Of(settings.Adapters));
        var services = new AdaptersPart(settings.Adapters, folder, connector.ConnectAsync, time, loggers);
        return new RelayParts([[http], [folder], [services]], http, () => [], folder, Services: services);
    }

    private RelayParts CreateMaster()
    {
        HttpPart http = CreateHttp(null);
        FabricPart fabric = CreateRedis();
        var master = new MasterPart(settings.Master, () => fabric.Fabric, failed, time, loggers);
        return new RelayParts([[http], [fabric], [master]], http, () => [], null);
    }

    private RelayParts CreateEdge()
    {
        KeySetPart[] keySets = CreateKeySets();
        TokenValidator tokens = CreateValidator(TokenKeys.Read(settings.Tokens), keySets, null);
        FabricPart fabric = CreateRedis();
        IPEndPoint listen = ListenOf(settings.Edge);
        settings.Edge.Name ??= EdgeName.Of(Environment.MachineName, listen.Port);
        var edge = new EdgePart(settings.Edge, listen, "Edge:Listen", () => fabric.Fabric, tokens, failed, time, loggers);
        HttpPart http = CreateHttp(CreateAdmin(() => [edge], tokens));
        return new RelayParts([[http], [fabric], keySets, [edge]], http, () => [edge.Endpoint], null);
    }

    private RelayParts CreateAuth()
    {
        HttpPart http = CreateHttp(null);
        var folder = new DataFolderPart(DataFolder.Locate(settings.Data));
        var auth = new AuthPart(settings.Auth, folder, isLocal: false, time, loggers);
        return new RelayParts([[http], [folder], [auth]], http, () => [], null, auth);
    }

    private KeySetPart[] CreateKeySets() => [.. settings.Tokens.KeySets.Select(set => new KeySetPart(set, time, loggers))];

    private TokenValidator CreateValidator(IReadOnlyList<TrustedKey> keys, KeySetPart[] keySets, AuthPartKeys? own)
    {
        List<ITokenKeySource> sources = [.. keySets.Select(part => part.Keys)];
        List<ITokenRevocations> revocations = [.. keySets.Select(part => part.Keys)];
        if (own is not null)
        {
            sources.Add(own);
            revocations.Add(own);
        }

        return TokenKeys.CreateValidator(settings.Tokens, keys, time, sources, revocations);
    }

    private static IPEndPoint ListenOf(EdgeOptions options) => (IPEndPoint)SettingValue.Parse(typeof(IPEndPoint), options.Listen, out _)!;

    private EdgeOptions NumberedEdge(int index)
    {
        EdgeOptions options = SettingTree.Copy(settings.Edge);
        options.Name = string.Create(CultureInfo.InvariantCulture, $"{options.Name ?? EdgeOptions.NameDefault}-{index + 1}");
        return options;
    }

    private HttpPart CreateHttp(RoomAdmin? rooms) => new(settings.Http, readiness, _metrics.Render, rooms, loggers);

    private RoomAdmin CreateAdmin(Func<IReadOnlyList<EdgePart>> edges, TokenValidator tokens) =>
        new(new OperatorAccess(settings.Http, tokens), new EdgeOperator(edges), loggers.CreateLogger<RoomAdmin>());

    private FabricPart CreateRedis() =>
        new("redis", cancellationToken => FabricOpener.OpenRedisAsync(settings.Redis, loggers, cancellationToken));
}
