using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace RelayServer.Fabric;

/// <summary>The database file: opens connections to it and says in words what SQLite says in codes.</summary>
internal sealed class StoreFile(EmbeddedFabricOptions options)
{
    private const string FileName = "relay.db";
    private const int PageBytes = 4 * 1024;
    private const int WriterCacheKibibytes = 16 * 1024;
    private const int ReaderCacheKibibytes = 2 * 1024;

    // Most of a checkpoint is waiting for the disk; it is made by a commit, which then takes that much longer.
    private const int CheckpointBytes = 16 * 1024 * 1024;
    private const int WalFileBytesKept = 64 * 1024 * 1024;

    public string Path { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(options.DataFolder, FileName));

    /// <summary>The one connection that writes; makes and upgrades the database.</summary>
    public SqliteConnection OpenWriter()
    {
        CreateForOwner();
        SqliteConnection connection = Connect(SqliteOpenMode.ReadWriteCreate);
        try
        {
            Execute(connection, $"PRAGMA page_size = {PageBytes}");
            Execute(connection, "PRAGMA journal_mode = WAL");
            Execute(connection, $"PRAGMA synchronous = {options.Synchronous}");
            Execute(connection, $"PRAGMA wal_autocheckpoint = {CheckpointBytes / PageBytes}");
            Execute(connection, $"PRAGMA journal_size_limit = {WalFileBytesKept}");
            Execute(connection, $"PRAGMA cache_size = -{WriterCacheKibibytes}");
            Execute(connection, "PRAGMA temp_store = MEMORY");
            StoreSchema.Upgrade(connection, Path);
            if (options.StoreBytesMax > 0)
            {
                long pages = Math.Max(1, options.StoreBytesMax / PageBytes);
                Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {pages}"));
            }

            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Explain(e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public SqliteConnection OpenReader()
    {
        SqliteConnection connection = Connect(SqliteOpenMode.ReadOnly);
        try
        {
            Execute(connection, $"PRAGMA cache_size = -{ReaderCacheKibibytes}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>What to tell the operator about an error of SQLite.</summary>
    public FabricException Explain(SqliteException e) => e.SqliteErrorCode switch
    {
        raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT => new FabricException(
            $"{Path} is damaged or not a database ({e.Message}). Restore it from a backup, or move it away to start with an empty log.", e),
        raw.SQLITE_FULL => new FabricUnavailableException(
            $"{Path} cannot grow ({e.Message}). Free space on the disk, or raise StoreBytesMax.", e),
        raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM => new FabricException(
            $"{Path} cannot be opened for writing ({e.Message}). Give this user the right to write the file and its folder.", e),
        _ => new FabricUnavailableException($"{Path}: {e.Message}", e),
    };

    // Others must not read what people say, also where the folder is open to them. SQLite gives its other files the same mode.
    private void CreateForOwner()
    {
        if (OperatingSystem.IsWindows() || System.IO.Path.Exists(Path))
        {
            return;
        }

        try
        {
            new FileStream(Path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FabricException($"{Path} cannot be made ({e.Message}). Give this user the right to write its folder.", e);
        }
    }

    private SqliteConnection Connect(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = mode,
            Pooling = false,
        }.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Explain(e);
        }
    }

    private static void Execute(SqliteConnection connection, string pragma)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = pragma;
        command.ExecuteNonQuery();
    }
}
