namespace RelayServer.UnitTests.Simulation;

/// <summary>What the judge of commands knows of one.</summary>
internal sealed class JudgedCommand
{
    /// <summary>The same in every call.</summary>
    public string? Key { get; set; }

    /// <summary>Who was asked, by ticket and attempt.</summary>
    public Dictionary<(ulong Ticket, int Attempt), object> Asked { get; } = [];

    /// <summary>What instances have returned.</summary>
    public HashSet<string> Returned { get; } = [];

    /// <summary>An instance will never answer it.</summary>
    public bool IsIgnored { get; set; }

    /// <summary>When its caller was told an outcome that stays; null before.</summary>
    public ulong? ToldAt { get; set; }
}
