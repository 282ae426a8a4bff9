using Spectre.Console;

namespace RelayServer.Bench.Reports;

/// <summary>Where reports go: colours on a terminal, plain and wide text in a file or pipe.</summary>
internal static class ReportConsole
{
    private const int RedirectedWidth = 140;

    /// <summary>The standard output.</summary>
    public static IAnsiConsole Open()
    {
        bool redirected = Console.IsOutputRedirected;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect });
        if (redirected)
        {
            console.Profile.Width = RedirectedWidth;
        }

        return console;
    }
}
