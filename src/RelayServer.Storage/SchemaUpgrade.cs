using Microsoft.Extensions.Logging;

namespace RelayServer.Storage;

/// <summary>Applies the migrations that a database does not have yet, in the transaction of a session.</summary>
internal sealed class SchemaUpgrade(MigrationSet migrations, DatabaseEngine engine, TimeProvider time, ILogger logger)
{
    private const string Table = """
        CREATE TABLE IF NOT EXISTS relay_migrations (
            component {text} NOT NULL,
            number {int} NOT NULL,
            name {text} NOT NULL,
            checksum {text} NOT NULL,
            applied_at {int} NOT NULL,
            PRIMARY KEY (component, number)
        ) {strict}
        """;

    /// <summary>Applies them.</summary>
    /// <exception cref="DatabaseException">The database has others, or more.</exception>
    public async Task RunAsync(DatabaseSession session)
    {
        await session.ExecuteAsync(SqlDialect.Translate(Table, engine));
        IReadOnlyList<AppliedMigration> applied = await session.QueryAsync<AppliedMigration>(
            "SELECT number, name, checksum FROM relay_migrations WHERE component = @Component ORDER BY number", new { migrations.Component });
        Check(applied);
        foreach (Migration migration in migrations.Migrations.Skip(applied.Count))
        {
            await session.ExecuteAsync(SqlDialect.Translate(migration.Sql, engine));
            await session.ExecuteAsync(
                "INSERT INTO relay_migrations (component, number, name, checksum, applied_at) VALUES (@Component, @Number, @Name, @Checksum, @At)",
                new { migrations.Component, Number = (long)migration.Number, migration.Name, migration.Checksum, At = time.GetUtcNow().ToUnixTimeMilliseconds() });
            StorageLog.Migrated(logger, migrations.Component, migration.Name);
        }
    }

    private void Check(IReadOnlyList<AppliedMigration> applied)
    {
        if (applied.Count > migrations.Migrations.Count)
        {
            throw new DatabaseException(
                DatabaseFailure.Schema,
                $"the tables of \"{migrations.Component}\" are of version {applied.Count} and this program knows {migrations.Migrations.Count}; run a newer program");
        }

        for (int index = 0; index < applied.Count; index++)
        {
            if (applied[index].Number != index + 1 || applied[index].Checksum != migrations.Migrations[index].Checksum)
            {
                throw new DatabaseException(
                    DatabaseFailure.Schema, $"the tables of \"{migrations.Component}\" were made by another program: migration {applied[index].Name} differs");
            }
        }
    }
}
