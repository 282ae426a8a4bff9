using System.CommandLine;
using RelayServer.Hosting;
using RelayServer.Identity;
using RelayServer.Options;

namespace RelayServer.Cli;

/// <summary><c>relay key create</c>: makes the keys of a scaled deployment.</summary>
internal static class KeyCommand
{
    private const string PublicSuffix = ".pub";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Where to write it; an ES256 key's public half goes to FILE.pub" };
        var algorithm = new Option<TokenAlgorithm>("--algorithm")
        {
            Description = "ES256: edges need the public half only. HS256: whoever can check can also sign.",
            DefaultValueFactory = _ => TokenAlgorithm.ES256,
        };
        var kid = new Option<string?>("--kid") { Description = "Key id [default: today's date and a random part]", HelpName = "ID" };
        var create = new Command("create", "Make a new key for signing tokens") { file, algorithm, kid };
        create.SetAction(parsed => WriteNew(
            parsed.GetValue(file)!, parsed.GetValue(algorithm), parsed.GetValue(kid), parsed.InvocationConfiguration.Output));
        return new Command("key", "Keys that tokens are signed and checked with") { create };
    }

    private static int WriteNew(string file, TokenAlgorithm algorithm, string? kid, TextWriter output)
    {
        kid ??= $"{DateTimeOffset.UtcNow:yyyy-MM-dd}-{Guid.NewGuid().ToString("N")[..8]}";
        if (File.Exists(file))
        {
            throw new StartException($"{file} is there already; a key is never overwritten");
        }

        try
        {
            SigningKey key = algorithm == TokenAlgorithm.HS256 ? SigningKey.CreateHs256(kid) : SigningKey.CreateEs256(kid);
            SigningKeyFile.Write(file, key);
            output.WriteLine($"{file}: {algorithm} key {kid}, for 'relay token' and your sign-in service{(algorithm == TokenAlgorithm.HS256 ? ", and for edges" : string.Empty)}");
            if (algorithm == TokenAlgorithm.ES256)
            {
                SigningKeyFile.Write(file + PublicSuffix, key.WithoutPrivateHalf());
                output.WriteLine($"{file}{PublicSuffix}: its public half, for edges (relay edge --key-file {file}{PublicSuffix})");
            }

            return ExitCode.Done;
        }
        catch (KeyException problem)
        {
            throw new SettingsException([problem.Message]);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{file} cannot be written: {problem.Message}", problem);
        }
    }
}
