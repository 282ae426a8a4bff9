using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text;
using RelayServer.Cli.Connections;
using RelayServer.Client.Services;
using RelayServer.IntegrationTests.Cli;
using RelayServer.IntegrationTests.Host;
using RelayServer.IntegrationTests.Support;
using RelayService = RelayServer.Client.Services.RelayService;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary>One sign-in for all services: those that the user allowed, and no other.</summary>
public sealed class ConsentChatTests : AccountCommands
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, string> _subjects = new();

    [Fact]
    public async Task Chat_OneLogin_ServicesThatWereAllowedAnswerAndAnotherIsNotAsked()
    {
        await using RunningRelay relay = await StartAsync();
        await relay.ReadyAsync();
        await using RelayService weather = await ServeAsync(relay, "weather", "dry");
        await using RelayService tides = await ServeAsync(relay, "tides", "high");
        await using RelayService shop = await ServeAsync(relay, "shop", "open");
        string user = await RegisterAsync();
        await Eventually.TrueAsync(() => AreListedAsync(relay, "weather", "tides", "shop"), Patience, () => "not all services are there");
        await DoneAsync("consent", "grant", "weather", "--data", Data);
        await DoneAsync("consent", "grant", "tides", "--data", Data);

        var chat = new ChatRun(string.Empty);
        var keys = new Pipe();
        Task<int> running = chat.StartAsync(
            keys.Reader.AsStream(), chat.Output, "lobby", "--commands", "--edge", EdgeOf(relay), "--data", Data);
        await TypeAsync(chat, keys, "/weather now", "relay chat: weather: dry\n");
        await TypeAsync(chat, keys, "/tides now", "relay chat: tides: high\n");
        await TypeAsync(chat, keys, "/shop now", "you have not allowed shop to serve you; give it your consent where you signed in: 'relay consent grant shop' does, for a chat that is opened after it");

        Assert.Equal(ClientExitCode.Refused, await running.WaitAsync(Patience, Cancel));
        Assert.Contains($"as {user}\n", chat.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(["tides", "weather"], _subjects.Keys.Order());

        // Each knows the user by a name that tells nothing to the other.
        Assert.Equal(3, _subjects.Values.Append(user).Distinct().Count());
    }

    private Task<RelayService> ServeAsync(RunningRelay relay, string name, string answer) => ServeAsync(
        relay, Data, name,
        command =>
        {
            _subjects[name] = command.Subject;
            return ServiceResult.Of(answer);
        });

    private async Task<bool> AreListedAsync(RunningRelay relay, params string[] names)
    {
        string list = await DoneAsync("service", "list", "--edge", EdgeOf(relay), "--data", Data);
        return names.All(name => list.Contains($"/{name}:", StringComparison.Ordinal)) && !list.Contains("(away)", StringComparison.Ordinal);
    }

    private static async Task TypeAsync(ChatRun chat, Pipe keys, string line, string expected)
    {
        await keys.Writer.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), Cancel);
        try
        {
            await chat.Error.WaitForAsync(expected).WaitAsync(Patience, Cancel);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"'{expected}' is not in:\n{chat.Error}");
        }
    }
}
