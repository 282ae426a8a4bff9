namespace RelayServer.Storage;

/// <summary>What a <see cref="Database"/> keeps its tables in.</summary>
public enum DatabaseEngine
{
    /// <summary>A file of this machine; nothing to install.</summary>
    Sqlite,

    /// <summary>A server that several instances share.</summary>
    PostgreSql,
}
