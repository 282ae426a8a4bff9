using System.Globalization;
using Microsoft.Data.Sqlite;

namespace RelayServer.Fabric;

/// <summary>
/// The database's tables. A newer version adds a step at the end of <see cref="Steps"/>; a step that was released
/// never changes.
/// </summary>
internal static class StoreSchema
{
    // "RLAY": lets `file` and a careful opener tell the database from any other.
    private const int ApplicationId = 0x524c4159;

    // Entries have a rowid of their own and a separate index: bodies are large, and a table ordered by (log, epoch,
    // last_seq) would keep them in inner pages and insert them all over the file.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE store (id TEXT NOT NULL, probes INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE slots (slot INTEGER PRIMARY KEY, master TEXT NOT NULL, epoch INTEGER NOT NULL);
        CREATE TABLE logs (
            id INTEGER PRIMARY KEY, channel TEXT NOT NULL, generation INTEGER NOT NULL, partition INTEGER NOT NULL,
            UNIQUE (channel, generation, partition));
        CREATE TABLE entries (
            id INTEGER PRIMARY KEY, log INTEGER NOT NULL, epoch INTEGER NOT NULL, last_seq INTEGER NOT NULL,
            body BLOB NOT NULL);
        CREATE UNIQUE INDEX entries_in_order ON entries (log, epoch, last_seq);
        INSERT INTO store (id) VALUES (lower(hex(randomblob(16))));
        """,
        "CREATE TABLE records (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, body BLOB NOT NULL);",
    ];

    public static int Version => Steps.Length;

    /// <summary>Brings the database to this version; throws when it is a newer one's, or not ours at all.</summary>
    public static void Upgrade(SqliteConnection connection, string path)
    {
        int found = ReadNumber(connection, "PRAGMA user_version");
        int application = ReadNumber(connection, "PRAGMA application_id");
        bool empty = ReadNumber(connection, "SELECT count(*) FROM sqlite_schema") == 0;
        if (!empty && application != ApplicationId)
        {
            throw new FabricException($"{path} is a database of another program. Name another DataFolder.");
        }

        if (found > Version)
        {
            throw new FabricException(
                $"{path} has schema version {found}; this program knows up to {Version}. Run the newer program that wrote it, or name another DataFolder.");
        }

        for (int version = found; version < Version; version++)
        {
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"""
                BEGIN IMMEDIATE;
                {Steps[version]}
                PRAGMA application_id = {ApplicationId};
                PRAGMA user_version = {version + 1};
                COMMIT;
                """));
        }
    }

    public static string ReadStoreId(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM store";
        return (string)command.ExecuteScalar()!;
    }

    private static int ReadNumber(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
