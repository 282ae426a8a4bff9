using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace RelayServer.Cli;

/// <summary>The help of a command, and after it the details that it has.</summary>
internal sealed class DetailedHelp(HelpAction help) : SynchronousCommandLineAction
{
    /// <summary>Who asks for help need not have got the rest right.</summary>
    public override bool ClearsParseErrors => true;

    /// <summary>Makes all commands below a root show theirs.</summary>
    public static void AddTo(RootCommand root)
    {
        foreach (HelpOption option in root.Options.OfType<HelpOption>())
        {
            option.Action = new DetailedHelp((HelpAction)option.Action!);
        }
    }

    public override int Invoke(ParseResult parseResult)
    {
        int exitCode = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is DetailedCommand { Details: var details })
        {
            parseResult.InvocationConfiguration.Output.WriteLine(details);
        }

        return exitCode;
    }
}
