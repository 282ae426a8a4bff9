using System.ComponentModel;
using System.Net.Sockets;

namespace RelayServer.Bench.Commands;

/// <summary>Runs a scenario and turns what can go wrong outside of it into one readable line.</summary>
internal static class CommandRunner
{
    /// <summary>Runs; the outcome is an <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> scenario)
    {
        try
        {
            return await scenario();
        }
        catch (Exception error) when (error is BenchException or SocketException or IOException or Win32Exception or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"relay-bench: {error.Message}");
        }
        catch (TimeoutException)
        {
            await Console.Error.WriteLineAsync("relay-bench: the relay did not let the connections join in time.");
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("relay-bench: stopped.");
        }

        return ExitCode.CannotRun;
    }
}
