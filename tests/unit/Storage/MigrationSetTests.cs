using RelayServer.Accounts;
using RelayServer.Adapters.Subscriptions;
using RelayServer.Adapters.Subscriptions.Storage;
using RelayServer.Storage;

namespace RelayServer.UnitTests.Storage;

public sealed class MigrationSetTests
{
    [Theory]
    [InlineData(typeof(ItemStore), "subscription_items")]
    [InlineData(typeof(AuthServer), "auth_settings")]
    public void Constructor_TypeBesideAFolder_HasThoseOfTheFolder(Type neighbour, string table)
    {
        var set = new MigrationSet("some", neighbour);

        Assert.Contains($"CREATE TABLE {table} ", set.Migrations[0].Sql, StringComparison.Ordinal);
        Assert.All(set.Migrations, migration => Assert.StartsWith($"{migration.Number:0000}_", migration.Name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(typeof(SubscriptionsOptions))]
    [InlineData(typeof(MigrationSet))]
    public void Constructor_TypeBesideNone_DoesNotTakeThoseOfOtherFolders(Type neighbour)
    {
        Assert.Throws<ArgumentException>(() => new MigrationSet("some", neighbour));
    }
}
