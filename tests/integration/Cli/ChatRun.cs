using System.CommandLine;
using System.Text;
using RelayServer.Cli.Chat;
using RelayServer.Cli.Connections;
using RelayServer.IntegrationTests.Host;

namespace RelayServer.IntegrationTests.Cli;

/// <summary><c>relay chat</c> in this process, with neither end a terminal.</summary>
/// <param name="token">What <c>RELAY_TOKEN</c> holds.</param>
internal sealed class ChatRun(string token)
{
    /// <summary>Where it writes messages, unless another output is given.</summary>
    public MemoryStream Output { get; } = new();

    /// <summary>Where it writes status and errors.</summary>
    public WaitingWriter Error { get; } = new();

    public Task<int> StartAsync(string input, params string[] arguments) => StartAsync(Encoding.UTF8.GetBytes(input), arguments);

    public Task<int> StartAsync(byte[] input, params string[] arguments) => StartAsync(new MemoryStream(input), Output, arguments);

    public Task<int> StartAsync(Stream input, Stream output, params string[] arguments)
    {
        var console = new ChatConsole
        {
            Input = input,
            Output = output,
            Error = Error,
            InputIsTerminal = false,
            OutputIsTerminal = false,
        };
        Command command = ChatCommand.Create(() => console, name => name == ConnectionToken.Variable ? token : null);
        return command.Parse(arguments).InvokeAsync();
    }
}
