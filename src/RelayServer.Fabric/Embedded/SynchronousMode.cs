namespace RelayServer.Fabric;

/// <summary>When the embedded fabric's log is on the disk itself, as SQLite's <c>synchronous</c> says it.</summary>
public enum SynchronousMode
{
    /// <summary>
    /// A commit is in the operating system's hands: it survives <c>kill -9</c> of the process. A power loss or a crash
    /// of the operating system may lose the last commits, never damage the file.
    /// </summary>
    Normal,

    /// <summary>A commit is on the disk: it survives a power loss, too. Each flush waits for the disk.</summary>
    Full,
}
