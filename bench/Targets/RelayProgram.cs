using System.Globalization;
using System.Net;
using System.Text;
using RelayServer.Identity;

namespace RelayServer.Bench.Targets;

/// <summary>How the <c>relay</c> program is called and understood.</summary>
internal static class RelayProgram
{
    /// <summary>Any free port of the loopback.</summary>
    public const string AnyPort = "127.0.0.1:0";

    private const string LastLine = "Stop with";
    private const string Issuer = "relay";
    private const string Audience = "relay";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(12);

    /// <summary>The program, which is built next to this one.</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "relay");

    /// <summary>Starts it and waits until it is up.</summary>
    /// <returns>The process and what it printed.</returns>
    public static async Task<(ChildProcess Process, IReadOnlyList<string> Screen)> StartAsync(
        string name, IEnumerable<string> arguments, IEnumerable<string> settings, CancellationToken cancellationToken)
    {
        ChildProcess process = ChildProcess.Start(
            name, Path, [.. arguments, .. settings.SelectMany(setting => (string[])["--set", setting]), "--set", "Log:Level=Warning"]);
        try
        {
            return (process, await process.ReadOutputUntilAsync(
                line => line.StartsWith(LastLine, StringComparison.Ordinal), StartTimeout, cancellationToken));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>The addresses of the edges on the start screen.</summary>
    public static IReadOnlyList<IPEndPoint> EdgesOf(IEnumerable<string> screen) =>
        [.. screen.Select(line => line.Trim()).Where(line => line.StartsWith("edge", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1])
            .Where(word => IPEndPoint.TryParse(word, out _))
            .Select(IPEndPoint.Parse)];

    /// <summary>The address of the metrics on the start screen.</summary>
    public static Uri MetricsOf(IEnumerable<string> screen) =>
        screen.SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(word => word.StartsWith("http://", StringComparison.Ordinal))
            .Select(word => new Uri(new Uri(word), "metrics"))
            .First();

    /// <summary>Signs tokens of that many users with the relay's key.</summary>
    public static IReadOnlyList<byte[]> MintTokens(string keyFile, int users)
    {
        var minter = new TokenMinter(new TrustedKey(Issuer, SigningKeyFile.Read(keyFile, null)), Audience, TimeProvider.System);
        return
        [
            .. Enumerable.Range(0, users).Select(user => Encoding.ASCII.GetBytes(
                minter.Mint(string.Create(CultureInfo.InvariantCulture, $"bench-{user}"), TokenLifetime))),
        ];
    }

    /// <summary>Signs the token of an operator with the relay's key.</summary>
    public static string MintOperatorToken(string keyFile) =>
        new TokenMinter(new TrustedKey(Issuer, SigningKeyFile.Read(keyFile, null)), Audience, TimeProvider.System)
            .Mint("bench-operator", TokenLifetime, TokenRole.Operator);
}
