using System.ComponentModel.DataAnnotations;

namespace RelayServer.Storage;

/// <summary>Where a <see cref="Database"/> is and how it is used.</summary>
public sealed class DatabaseOptions
{
    /// <summary>The SQLite file, made when it is not there with mode 0600. Not looked at when <see cref="Connection"/> is set.</summary>
    public string? File { get; set; }

    /// <summary>
    /// A PostgreSQL connection string such as <c>Host=127.0.0.1;Database=relay;Username=relay</c>; null, the default,
    /// takes <see cref="File"/>. A password does not belong here.
    /// </summary>
    public string? Connection { get; set; }

    /// <summary>The password of PostgreSQL's user; null, the default, for those who need none.</summary>
    public string? Password { get; set; }

    /// <summary>Connections at a time; who needs one more waits. Default 16.</summary>
    [Range(1, 1000)]
    public int ConnectionsMax { get; set; } = 16;

    /// <summary>How long a connection, a lock or a statement is waited for, in milliseconds. Default 10,000.</summary>
    [Range(1000, 600_000)]
    public int TimeoutMilliseconds { get; set; } = 10_000;
}
