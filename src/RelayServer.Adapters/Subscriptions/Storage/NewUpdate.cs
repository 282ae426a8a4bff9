using RelayServer.Client.Services;

namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>An update that is to be sent and has no number yet.</summary>
/// <param name="Target">Where it goes.</param>
/// <param name="Card">What it shows.</param>
/// <param name="Subjects">What it is about.</param>
internal sealed record NewUpdate(string Target, ServiceCard Card, IReadOnlyList<string> Subjects);
