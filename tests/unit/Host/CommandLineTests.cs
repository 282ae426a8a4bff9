using RelayServer.Cli;
using RelayServer.Guards;
using RelayServer.Hosting;
using RelayServer.Identity;

namespace RelayServer.UnitTests.Host;

/// <summary>What the command line answers, without serving anything.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relay-cli-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("mster", "unknown command 'mster'; did you mean 'master'?")]
    [InlineData("--htpp", "unknown option '--htpp'; did you mean '--http'?")]
    [InlineData("frobnicate", "unknown command 'frobnicate'")]
    [InlineData("token", "'--user' is required")]
    [InlineData("token --usr bob", "did you mean '--user'?")]
    [InlineData("config chek", "did you mean 'check'?")]
    [InlineData("key create", "argument")]
    [InlineData("chat", "room")]
    [InlineData("--data", "Required argument")]
    [InlineData("chat --room lobby --hystory 5", "unknown option '--hystory'; did you mean '--history'?")]
    [InlineData("chat --hystory", "unknown option '--hystory'")]
    [InlineData("chat --rom x", "unknown option '--rom'; did you mean '--room'?")]
    [InlineData("key create --kdi", "unknown option '--kdi'; did you mean '--kid'?")]
    [InlineData("chat lobby --edge", "Required argument missing for option: '--edge'")]
    [InlineData("chat --room", "name a room")]
    [InlineData("chat lobby --history 5 --from-start=maybe", "'maybe'")]
    public async Task RunAsync_WrongUsage_SaysWhatAndWhereHelpIs(string line, string expected)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync(line.Split(' ')));
        Assert.Contains(expected, _error.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("--help'", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
    }

    [Theory]
    [InlineData("--help", "Usage:")]
    [InlineData("edge --help", "--redis")]
    [InlineData("adapter subscriptions --help", "relay token --user service-gazette --role service --service gazette")]
    [InlineData("--version", "0.")]
    public async Task RunAsync_HelpAndVersion_GoToTheOutput(string line, string expected)
    {
        Assert.Equal(ExitCode.Done, await RunAsync(line.Split(' ')));
        Assert.Contains(expected, _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("edge", true)]
    [InlineData("adapter subscriptions", true)]
    [InlineData("subscriptions", false)]
    public void Serves_EveryCommandThatRunsUntilItIsStopped_AndNoOther(string line, bool expected) =>
        Assert.Equal(expected, ServeCommand.Serves(RelayCommandLine.CreateRoot().Parse(line).CommandResult.Command));

    [Fact]
    public async Task RunAsync_ConfigCheck_ShowsWhatDiffersFromTheDefaults()
    {
        Assert.Equal(ExitCode.Done, await RunAsync("config", "check", "--set", "Edge:ConnectionsMax=7"));
        Assert.Contains("Edge:ConnectionsMax = 7", _output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("HandshakesMax", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ConfigCheckOfAList_ShowsWhatDiffersFromTheDefaultsOfAnItem()
    {
        Assert.Equal(ExitCode.Done, await RunAsync("config", "check", "--set", "Adapters:Subscriptions:0:CommentsPerUserMax=7"));
        Assert.Equal(
            ["Adapters:Subscriptions:0:CommentsPerUserMax = 7", "The settings are valid."],
            _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task RunAsync_ConfigCheckOfASecret_MasksIt()
    {
        string file = Path.Combine(_folder, "relay.json");
        OwnerOnlyFile.Write(file, """{ "Redis": { "Password": "hunter2" } }"""u8);

        Assert.Equal(ExitCode.Done, await RunAsync("config", "check", "--all", "--config", file));
        Assert.Contains("Redis:Password = ****", _output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ConfigCheckWithProblems_ExitsWithALineForEach()
    {
        Assert.Equal(ExitCode.Usage, await RunAsync("config", "check", "--set", "Edge:ConnectionsMax=x", "--set", "Nothing=1"));
        Assert.Equal(2, _error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task RunAsync_ConfigCheckOfAnAddressThatIsNone_IsNotValid()
    {
        Assert.Equal(ExitCode.Usage, await RunAsync("config", "check", "--set", "Edge:Listen=here"));
        Assert.Contains("Edge:Listen: \"here\" is not allowed", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public async Task RunAsync_EdgeWithTwoAddresses_RefusesToStart()
    {
        Assert.Equal(ExitCode.Usage, await RunAsync("edge", "--listen", "127.0.0.1:0", "--listen", "127.0.0.1:0"));
        Assert.Contains("one address", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_SecretAsAnArgument_IsRefusedWithoutRepeatingIt()
    {
        Assert.Equal(ExitCode.Usage, await RunAsync("master", "--set", "redis:password=hunter2"));
        Assert.Contains("RELAY_", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_EdgeWithoutKeys_RefusesToStart()
    {
        Assert.Equal(ExitCode.Failed, await RunAsync("edge", "--http", "127.0.0.1:0"));
        Assert.Contains("no token keys", Assert.Single(_error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_TokenWithoutARunningRelay_SaysHowToGetOne()
    {
        Assert.Equal(ExitCode.Failed, await RunAsync("token", "--user", "bob", "--data", _folder));
        Assert.Contains("no relay runs on the data folder", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_KeyCreateThenToken_MakesATokenThatThePublicHalfAccepts()
    {
        string file = Path.Combine(_folder, "key");
        Assert.Equal(ExitCode.Done, await RunAsync("key", "create", file, "--kid", "k7"));
        _output.GetStringBuilder().Clear();
        Assert.Equal(ExitCode.Done, await RunAsync("token", "--user", "bob", "--key-file", file, "--issuer", "me", "--audience", "you", "--ttl", "5m", "--role", "operator"));
        var validator = new TokenValidator(
            new TokenValidatorOptions { Audience = "you", Keys = [new("me", SigningKeyFile.Read(file + ".pub"))] }, TimeProvider.System);

        TokenResult result = await validator.ValidateAsync(_output.ToString().Trim());

        Assert.Equal((TokenStatus.Valid, "bob", TokenRole.Operator), (result.Status, result.UserId, result.Role));
        Assert.Equal(ExitCode.Failed, await RunAsync("key", "create", file));
    }

    [Fact]
    public async Task RunAsync_TokenForAService_NamesIt()
    {
        string file = Path.Combine(_folder, "key");
        await RunAsync("key", "create", file);
        _output.GetStringBuilder().Clear();
        Assert.Equal(ExitCode.Done, await RunAsync("token", "--user", "feeds", "--key-file", file, "--role", "service", "--service", "news"));
        var validator = new TokenValidator(
            new TokenValidatorOptions { Audience = "relay", Keys = [new("relay", SigningKeyFile.Read(file))] }, TimeProvider.System);

        TokenResult result = await validator.ValidateAsync(_output.ToString().Trim());

        Assert.Equal((TokenRole.Service, "news"), (result.Role, result.Service));
    }

    [Theory]
    [InlineData("member", "news", "--service news goes with --role service")]
    [InlineData("service", "News", "--service News: expected 1 to 32 of a-z")]
    [InlineData("service", "9news", "--service 9news: expected 1 to 32 of a-z")]
    public async Task RunAsync_TokenForAServiceThatCannotBe_IsRefused(string role, string service, string problem)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync("token", "--user", "bob", "--role", role, "--service", service, "--data", _folder));
        Assert.Contains(problem, _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host")]
    [InlineData("Operator")]
    [InlineData("6")]
    public async Task RunAsync_TokenWithARoleThatNoTokenMayHave_IsRefusedNamingThem(string role)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync("token", "--user", "bob", "--role", role, "--data", _folder));
        Assert.Contains($"--role {role}: expected viewer, member, service or operator", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_OptionOfAnotherRole_SuggestsNoOtherThatIsAsShort()
    {
        Assert.Equal(ExitCode.Usage, await RunAsync("master", "--data", "X"));
        Assert.Contains("unknown option '--data'", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("did you mean", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--listen 127.0.0.1:99999")]
    [InlineData("edge --listen 127.0.0.1:99999")]
    [InlineData("--listen 127.0.0.1:7400 --listen 127.0.0.1:99999")]
    public async Task RunAsync_ListenThatIsNoAddress_OneLineThatSaysSo(string line)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync(line.Split(' ')));
        string told = Assert.Single(_error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("\"127.0.0.1:99999\" is not allowed; expected an address and port", told, StringComparison.Ordinal);
    }

    private Task<int> RunAsync(params string[] arguments) =>
        RelayCommandLine.RunAsync(arguments, _output, _error, TestContext.Current.CancellationToken);
}
