using System.CommandLine;
using RelayServer.Hosting;
using RelayServer.Identity;
using RelayServer.Options;
using RelayServer.Rooms;

namespace RelayServer.Cli;

/// <summary><c>relay token</c>: makes a token for a user.</summary>
internal static class TokenCommand
{
    private const string DefaultTtl = "1h";
    private const string Roles = "viewer, member, service or operator";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var defaults = new TokensOptions();
        var user = new Option<string>("--user") { Description = "The user (the token's subject)", HelpName = "ID", Required = true };
        var ttl = new Option<string>("--ttl") { Description = "How long it is good, such as 30m, 1h, 7d", HelpName = "TIME", DefaultValueFactory = _ => DefaultTtl };
        var role = new Option<string>("--role")
        {
            Description = $"What the user is in every room: {Roles}",
            HelpName = "ROLE",
            DefaultValueFactory = _ => TokenRoleName.Of(TokenRole.Member),
        };
        var service = new Option<string?>("--service")
        {
            Description = "With --role service, the one service that the program may register and speak for",
            HelpName = "NAME",
        };
        var keyFile = new Option<string?>("--key-file") { Description = "Signing key [default: that of the relay that runs on the data folder]", HelpName = "FILE" };
        var kid = new Option<string?>("--kid") { Description = "Key id [default: the key file's own]", HelpName = "ID" };
        var issuer = new Option<string?>("--issuer") { Description = $"Issuer (iss) [default: the running relay's; with --key-file {defaults.Issuer}]", HelpName = "TEXT" };
        var audience = new Option<string?>("--audience") { Description = $"Audience (aud) [default: the running relay's; with --key-file {defaults.Audience}]", HelpName = "TEXT" };
        var data = new Option<string?>("--data") { Description = "Data folder of the running relay", HelpName = "DIR" };
        var command = new Command("token", "Make a token for a user and print it") { user, ttl, role, service, keyFile, kid, issuer, audience, data };
        command.SetAction(parsed =>
        {
            if (!Duration.TryParse(parsed.GetValue(ttl)!, out TimeSpan lifetime))
            {
                throw new SettingsException([$"--ttl {parsed.GetValue(ttl)}: expected {SettingValue.Describe(typeof(TimeSpan))}"]);
            }

            if (!TokenRoleName.TryParse(parsed.GetValue(role)!, out TokenRole given))
            {
                throw new SettingsException([$"--role {parsed.GetValue(role)}: expected {Roles}"]);
            }

            CheckService(parsed.GetValue(service), given);
            (TrustedKey key, string wanted) = parsed.GetValue(keyFile) is { } file
                ? (new TrustedKey(defaults.Issuer, LocalToken.ReadKeyFile(file, parsed.GetValue(kid))), defaults.Audience)
                : LocalToken.Read(parsed.GetValue(data), parsed.GetValue(kid), ", or name a key with --key-file FILE");
            parsed.InvocationConfiguration.Output.WriteLine(LocalToken.Mint(
                key with { Issuer = parsed.GetValue(issuer) ?? key.Issuer },
                parsed.GetValue(audience) ?? wanted, parsed.GetValue(user)!, lifetime, given, parsed.GetValue(service)));
            return ExitCode.Done;
        });
        return command;
    }

    private static void CheckService(string? service, TokenRole role)
    {
        if (service is not null && role != TokenRole.Service)
        {
            throw new SettingsException([$"--service {service} goes with --role {TokenRoleName.Of(TokenRole.Service)}"]);
        }

        if (service is not null && !TokenServiceName.IsValid(service))
        {
            throw new SettingsException([$"--service {service}: expected 1 to {TokenServiceName.CharactersMax} of a-z, 0-9 and -, beginning with a letter"]);
        }
    }
}
