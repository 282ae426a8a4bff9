using System.CommandLine;

namespace RelayServer.Cli;

/// <summary>A command with more to say than fits its line in the help of the command above it.</summary>
/// <param name="name">Its name.</param>
/// <param name="summary">What it does, in one line.</param>
/// <param name="details">What only its own help tells, after the options: paragraphs, examples, exit codes.</param>
internal class DetailedCommand(string name, string summary, string details) : Command(name, summary)
{
    public string Details { get; } = details;
}
