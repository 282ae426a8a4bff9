namespace RelayServer.Cli;

/// <summary>A command that runs until it is asked to stop.</summary>
/// <param name="name">Its name.</param>
/// <param name="summary">What it does, in one line.</param>
/// <param name="details">What only its own help tells.</param>
internal sealed class ServingCommand(string name, string summary, string details) : DetailedCommand(name, summary, details);
