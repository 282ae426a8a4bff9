using RelayServer.Adapters.Subscriptions;
using RelayServer.Options;

namespace RelayServer.Hosting;

/// <summary>What the settings of services mean where they leave something open.</summary>
internal static class AdapterSettings
{
    /// <summary>The services of the one-process relay: those of the settings, else the samples.</summary>
    public static IList<SubscriptionsOptions> ServicesOf(RelaySettings settings) =>
        settings.Adapters.Subscriptions.Count == 0 && settings.Local.SampleServices ? SampleServices.Create() : settings.Adapters.Subscriptions;

    /// <summary>The file of their store, which is in the data folder when it has no path of its own; null when they are in PostgreSQL.</summary>
    public static string? StoreFile(AdaptersOptions options, string folder) =>
        string.IsNullOrEmpty(options.Storage.Connection) && options.Storage.File is { Length: > 0 } file ? Path.Combine(folder, file) : null;
}
