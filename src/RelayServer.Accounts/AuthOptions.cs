using System.ComponentModel.DataAnnotations;
using System.Net;
using RelayServer.Storage;

namespace RelayServer.Accounts;

/// <summary>Settings of the authentication server; section <c>Auth</c>.</summary>
public sealed class AuthOptions
{
    /// <summary>Part of the one-process relay. <c>relay auth</c> does not look at it.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Where it listens; null takes <see cref="ListenDefault"/>, and in the one-process relay any free port when that is taken.</summary>
    public IPEndPoint? Listen { get; set; }

    /// <summary>PEM file with the certificate (chain); with it the listener speaks TLS only.</summary>
    public string? TlsCertificateFile { get; set; }

    /// <summary>PEM file with the certificate's private key.</summary>
    public string? TlsKeyFile { get; set; }

    /// <summary>A proxy with TLS is in front; the last value of its X-Forwarded-For is the client's address.</summary>
    public bool BehindProxy { get; set; }

    /// <summary>What <c>iss</c> of its tokens is.</summary>
    [Required, MaxLength(200)]
    public string Issuer { get; set; } = "relay-auth";

    /// <summary>What <c>aud</c> of access tokens is; no service can have this name.</summary>
    [Required, MaxLength(100)]
    public string Audience { get; set; } = "relay";

    /// <summary>The secret that protects the database, mode 0600; made when it is not there. Null takes <c>auth-secret</c> in the data folder.</summary>
    public string? SecretFile { get; set; }

    /// <summary>Where accounts are kept.</summary>
    public DatabaseOptions Database { get; set; } = new();

    /// <summary>Lifetime of an access token, in seconds.</summary>
    [Range(30, 3600)]
    public int AccessTokenSeconds { get; set; } = 600;

    /// <summary>Lifetime of a token for a service, in seconds.</summary>
    [Range(30, 3600)]
    public int ServiceTokenSeconds { get; set; } = 300;

    /// <summary>How long a sign-in can be refreshed, in days.</summary>
    [Range(1, 366)]
    public int RefreshTokenDays { get; set; } = 90;

    /// <summary>How long the refresh token before the last is answered with the last, in seconds, for a client that lost the answer.</summary>
    [Range(0, 60)]
    public int RefreshGraceSeconds { get; set; } = 10;

    /// <summary>Sign-ins of one account; one more ends the oldest.</summary>
    [Range(1, 1000)]
    public int SessionsPerAccountMax { get; set; } = 50;

    /// <summary>Sign-ins of one account in an hour.</summary>
    [Range(1, 10_000)]
    public int SignInsPerAccountHourMax { get; set; } = 60;

    /// <summary>Phones, passwords and identities of providers that one account may have.</summary>
    [Range(1, 100)]
    public int IdentitiesPerAccountMax { get; set; } = 10;

    /// <summary>Somebody who is not known yet gets an account by signing in or registering.</summary>
    public bool Registration { get; set; } = true;

    /// <summary>New accounts, and names tried for one, from one address in an hour.</summary>
    [Range(1, 1_000_000)]
    public int RegistrationsPerAddressHourMax { get; set; } = 20;

    /// <summary>How long a one-time code is good, in seconds.</summary>
    [Range(30, 900)]
    public int CodeSeconds { get; set; } = 300;

    /// <summary>Wrong tries after which a one-time code is dead.</summary>
    [Range(1, 10)]
    public int CodeTriesMax { get; set; } = 5;

    /// <summary>Between two codes to one phone, in seconds.</summary>
    [Range(0, 3600)]
    public int CodeIntervalSeconds { get; set; } = 30;

    /// <summary>Codes to one phone in an hour.</summary>
    [Range(1, 100)]
    public int CodesPerPhoneHourMax { get; set; } = 5;

    /// <summary>Codes asked for from one address in an hour.</summary>
    [Range(1, 1_000_000)]
    public int CodesPerAddressHourMax { get; set; } = 20;

    /// <summary>Codes in an hour, to all phones.</summary>
    [Range(1, 1_000_000)]
    public int CodesPerHourMax { get; set; } = 1000;

    /// <summary>Where codes are posted for sending, https or http on this machine; null writes them to the log, on a loopback listener only.</summary>
    public Uri? CodeWebhook { get; set; }

    /// <summary>Sent to the webhook as bearer token; null sends none.</summary>
    public string? CodeWebhookSecret { get; set; }

    /// <summary>The shortest password, in characters.</summary>
    [Range(8, 128)]
    public int PasswordCharactersMin { get; set; } = 8;

    /// <summary>Wrong passwords for one account before it waits.</summary>
    [Range(1, 1000)]
    public int PasswordFailuresPerAccountMax { get; set; } = 10;

    /// <summary>Wrong passwords from one address before it waits.</summary>
    [Range(1, 1_000_000)]
    public int PasswordFailuresPerAddressMax { get; set; } = 50;

    /// <summary>How long a wrong password counts, in minutes.</summary>
    [Range(1, 1440)]
    public int PasswordFailureMinutes { get; set; } = 15;

    /// <summary>Age at which the signing key is replaced, in days.</summary>
    [Range(1, 366)]
    public int KeyRotationDays { get; set; } = 30;

    /// <summary>How long a new key is published before it signs, in minutes.</summary>
    [Range(1, 1440)]
    public int KeyLeadMinutes { get; set; } = 60;

    /// <summary>OpenID Connect providers whose users may sign in.</summary>
    public IList<AuthProviderOptions> Providers { get; set; } = [];

    /// <summary>Where it listens when nothing is set.</summary>
    public static IPEndPoint ListenDefault => new(IPAddress.Loopback, 7490);

    /// <summary>True when the listener is reached from this machine only.</summary>
    internal bool IsLoopback => IPAddress.IsLoopback(Address) && !BehindProxy;

    private IPAddress Address => (Listen ?? ListenDefault).Address;

    /// <summary>What is wrong with settings that depend on each other; each begins with its key below <c>Auth</c>.</summary>
    public IEnumerable<string> FindProblems()
    {
        if ((TlsCertificateFile is null) != (TlsKeyFile is null))
        {
            yield return "TlsKeyFile: goes with Auth:TlsCertificateFile; set both or none";
        }

        if (!IPAddress.IsLoopback(Address) && TlsCertificateFile is null && !BehindProxy)
        {
            yield return "Listen: beyond the loopback passwords and tokens need TLS: set Auth:TlsCertificateFile and Auth:TlsKeyFile, or Auth:BehindProxy behind a proxy that has it";
        }

        if (CodeWebhook is not null && Identity.DocumentFetcher.FindProblem(CodeWebhook) is { } problem)
        {
            yield return $"CodeWebhook: {problem}";
        }

        if (KeyLeadMinutes >= KeyRotationDays * 1440)
        {
            yield return "KeyLeadMinutes: must be less than Auth:KeyRotationDays";
        }

        foreach (string line in Providers.SelectMany((provider, index) => provider.FindProblems().Select(text => $"Providers:{index}:{text}")))
        {
            yield return line;
        }

        if (Providers.DistinctBy(provider => provider.Name).Count() < Providers.Count)
        {
            yield return "Providers: two have the same Name";
        }
    }
}
