namespace RelayServer.Client.Services;

/// <summary>A command that is being done, or waits for that, and who is to be told.</summary>
internal sealed class PendingCall(ServiceCommand command, long deadline)
{
    /// <summary>Times that one command can be asked about again while it is being done; the relay gives it to three instances at most.</summary>
    public const int AskersMax = 16;

    public ServiceCommand Command { get; } = command;

    /// <summary>The timestamp after which nobody waits.</summary>
    public long Deadline { get; private set; } = deadline;

    /// <summary>The calls that wait for it, with the connection that each came over.</summary>
    public List<(ulong Ticket, int Connection)> Askers { get; } = [];

    /// <summary>The relay asks again, which it does when it does not know that it was heard.</summary>
    public void Add(ulong ticket, int connection, long deadline)
    {
        Deadline = Math.Max(Deadline, deadline);
        if (Askers.Count < AskersMax && !Askers.Contains((ticket, connection)))
        {
            Askers.Add((ticket, connection));
        }
    }
}
