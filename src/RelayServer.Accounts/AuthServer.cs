using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RelayServer.Accounts.Accounts;
using RelayServer.Accounts.Http;
using RelayServer.Accounts.Keys;
using RelayServer.Accounts.Passwords;
using RelayServer.Accounts.Phones;
using RelayServer.Accounts.Providers;
using RelayServer.Accounts.Secrets;
using RelayServer.Accounts.Sessions;
using RelayServer.Guards;
using RelayServer.Identity;
using RelayServer.Storage;

namespace RelayServer.Accounts;

/// <summary>
/// The joint authentication server: accounts, sign-in, tokens, consents, over HTTP. Edges of the same process check its tokens with it
/// directly; others read its key set and revocations.
/// </summary>
public sealed class AuthServer : ITokenKeySource, ITokenRevocations, IAsyncDisposable
{
    private readonly AuthOptions _options;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;

    private Database? _database;
    private SigningKeyRing? _keys;
    private AuthUpkeep? _upkeep;
    private PasswordChecker? _checker;
    private ProviderSignIn? _providers;
    private WebhookCodeSender? _webhook;
    private WebApplication? _http;

    /// <summary>Makes one.</summary>
    /// <param name="options">Its settings, with <see cref="AuthOptions.SecretFile"/> and a database.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Makes its loggers.</param>
    public AuthServer(AuthOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        _options = options;
        _time = time;
        _loggers = loggers;
        _logger = loggers.CreateLogger<AuthServer>();
    }

    /// <summary>The tables.</summary>
    internal static MigrationSet Migrations { get; } = new("accounts", typeof(AuthServer));

    /// <summary>Where it listens; with the real port once started.</summary>
    public IPEndPoint Endpoint { get; private set; } = new(IPAddress.None, 0);

    /// <summary>Why it is not ready; null when it is.</summary>
    public string? NotReadyReason => _http is not null && _upkeep is { } upkeep ? upkeep.Problem : "not started";

    /// <summary>True when sign-in by phone is offered.</summary>
    public bool HasPhone => _options.CodeWebhook is not null || _options.IsLoopback;

    /// <summary>Takes any free port where the default one is taken and no other is set.</summary>
    public bool MovesToFreePort { get; init; }

    /// <summary>How clients reach it, once started.</summary>
    public Uri Address => new($"{(_options.TlsCertificateFile is null ? "http" : "https")}://{Endpoint}");

    /// <summary>Rounds of the hash of a new password, for tests, which have many.</summary>
    internal int PasswordIterations { get; init; } = PasswordChecker.IterationsDefault;

    /// <summary>Sender of one-time codes in place of the configured one, for tests.</summary>
    internal ICodeSender? Sender { get; init; }

    /// <summary>The keys, once started.</summary>
    internal SigningKeyRing Keys => _keys ?? throw new InvalidOperationException("the authentication server has not started");

    /// <summary>Looks after keys and expired rows, once started.</summary>
    internal AuthUpkeep Upkeep => _upkeep ?? throw new InvalidOperationException("the authentication server has not started");

    /// <summary>Opens the database and listens.</summary>
    /// <exception cref="AuthStartException">A setting does not allow it, or the database cannot be used.</exception>
    /// <exception cref="IOException">It cannot listen there.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            AuthContext context = await OpenAsync(cancellationToken);
            _checker = new PasswordChecker(PasswordIterations);
            var sessions = new SessionService(context);
            var accounts = new AccountService(context, sessions);
            _providers = new ProviderSignIn(context, accounts);
            var phones = new PhoneSignIn(context, accounts, CreateSender());
            _keys = new SigningKeyRing(context);
            _upkeep = new AuthUpkeep(context, _keys, sessions, phones);
            await _upkeep.StartAsync(cancellationToken);
            var tokens = new TokenIssuer(context, _keys, sessions);
            var endpoints = new AuthEndpoints(
                _options, accounts, sessions, tokens, _keys, phones, new PasswordSignIn(context, accounts, _checker), _providers);
            await ListenAsync(new AuthResponder(context, endpoints, tokens), cancellationToken);
        }
        catch (DatabaseException problem)
        {
            await DisposeAsync();
            throw new AuthStartException($"Auth:Database: {problem.Message}", problem);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops listening once what was asked is answered.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_http is { } http)
        {
            _http = null;
            await http.StopAsync(cancellationToken);
            await http.DisposeAsync();
        }

        await DisposeAsync();
    }

    /// <summary>The key by which services know users, for a master of the same installation: so they know them by the same names from it.</summary>
    /// <exception cref="AuthStartException">The secret cannot be used.</exception>
    public static async Task<byte[]> ReadSubjectKeyAsync(string secretFile, CancellationToken cancellationToken) =>
        (await AuthSecret.ReadOrCreateAsync(secretFile, cancellationToken)).Pairwise;

    /// <summary>Makes a new signing key now.</summary>
    /// <param name="options">The settings of the server.</param>
    /// <param name="atOnce">It signs at once, and what the others signed is accepted no more.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Makes loggers.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The key's id, and when it begins to sign.</returns>
    /// <exception cref="AuthStartException">A setting does not allow it, or the database cannot be used.</exception>
    public static async Task<(string KeyId, DateTimeOffset ActiveFrom)> RotateKeyAsync(
        AuthOptions options, bool atOnce, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        await using var server = new AuthServer(options, time, loggers);
        try
        {
            return await new SigningKeyRing(await server.OpenAsync(cancellationToken)).RotateAsync(atOnce, cancellationToken);
        }
        catch (DatabaseException problem)
        {
            throw new AuthStartException($"Auth:Database: {problem.Message}", problem);
        }
    }

    /// <inheritdoc/>
    public SigningKey? Find(string issuer, string keyId) => _keys?.Find(issuer, keyId);

    /// <inheritdoc/>
    public ValueTask<SigningKey?> FindAfreshAsync(string issuer, string keyId) =>
        _keys is { } keys ? keys.FindAfreshAsync(issuer, keyId) : ValueTask.FromResult<SigningKey?>(null);

    /// <inheritdoc/>
    public int Refresh() => _upkeep?.RevocationsVersion ?? 0;

    /// <inheritdoc/>
    public bool IsRevoked(TokenIdentity token, string userId)
    {
        ArgumentNullException.ThrowIfNull(token);
        return token.Issuer == _options.Issuer && _upkeep?.IsRevoked(token.SessionId) == true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_http is { } http)
        {
            _http = null;
            await http.DisposeAsync();
        }

        if (_upkeep is { } upkeep)
        {
            _upkeep = null;
            await upkeep.DisposeAsync();
        }

        _providers?.Dispose();
        _webhook?.Dispose();
        _checker?.Dispose();
        if (_database is { } database)
        {
            _database = null;
            await database.DisposeAsync();
        }
    }

    private async Task<AuthContext> OpenAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(_options.SecretFile))
        {
            throw new AuthStartException("Auth:SecretFile: is needed");
        }

        AuthSecret secret = await AuthSecret.ReadOrCreateAsync(_options.SecretFile, cancellationToken);
        _database = await Database.OpenAsync(_options.Database, Migrations, _time, _loggers, cancellationToken);
        byte[] check = await _database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("INSERT INTO auth_settings (name, value) VALUES ('secret', @Check) ON CONFLICT (name) DO NOTHING", new { secret.Check });
                return (await session.FirstOrDefaultAsync<byte[]>("SELECT value FROM auth_settings WHERE name = 'secret'"))!;
            },
            cancellationToken);
        return CryptographicOperations.FixedTimeEquals(check, secret.Check)
            ? new AuthContext(_options, _database, secret, _time, _logger)
            : throw new AuthStartException($"Auth:SecretFile: {_options.SecretFile} is not the secret that this database was made with; put the right file there");
    }

    private ICodeSender? CreateSender()
    {
        if (Sender is not null || !HasPhone)
        {
            return Sender;
        }

        return _options.CodeWebhook is null
            ? new LogCodeSender(_logger)
            : _webhook = new WebhookCodeSender(_options.CodeWebhook, _options.CodeWebhookSecret, _logger);
    }

    private async Task ListenAsync(AuthResponder responder, CancellationToken cancellationToken)
    {
        try
        {
            await ListenAsync(responder, _options.Listen ?? AuthOptions.ListenDefault, cancellationToken);
        }
        catch (IOException) when (MovesToFreePort && _options.Listen is null)
        {
            await ListenAsync(responder, new IPEndPoint(AuthOptions.ListenDefault.Address, 0), cancellationToken);
        }
    }

    private async Task ListenAsync(AuthResponder responder, IPEndPoint listen, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(_loggers);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = AuthLimits.ConnectionsMax;
            kestrel.Limits.MaxRequestBodySize = AuthLimits.BodyBytesMax;
            kestrel.Limits.MaxRequestHeadersTotalSize = AuthLimits.HeaderBytesMax;
            kestrel.Limits.RequestHeadersTimeout = AuthLimits.HeadersTimeout;
            kestrel.Limits.KeepAliveTimeout = AuthLimits.KeepAlive;
            kestrel.Listen(listen, listener =>
            {
                if (!_options.BehindProxy)
                {
                    var shares = new ConnectionShares(AuthLimits.ConnectionsPerAddressMax, AuthLimits.ConnectionsPerSiteMax);
                    listener.Use(next => connection => shares.GuardAsync(connection.RemoteEndPoint, connection.Abort, () => next(connection)));
                }

                if (_options.TlsCertificateFile is not null)
                {
                    listener.UseHttps(X509Certificate2.CreateFromPemFile(_options.TlsCertificateFile, _options.TlsKeyFile));
                }
            });
        });
        if (_options.TlsCertificateFile is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        WebApplication server = builder.Build();
        server.Run(responder.RespondAsync);
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        string address = server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        Endpoint = new IPEndPoint(listen.Address, new Uri(address).Port);
        _http = server;
        AuthLog.Listening(_logger, address);
    }
}
