using RelayServer.Client.Services;

namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>An update that the relay has not confirmed.</summary>
/// <param name="Number">Names it, with the service's producer id, for ever.</param>
/// <param name="Target">Where it goes.</param>
/// <param name="Card">What it shows.</param>
/// <param name="Subjects">What it is about.</param>
internal sealed record OutboxEntry(ulong Number, string Target, ServiceCard Card, IReadOnlyList<string> Subjects);
