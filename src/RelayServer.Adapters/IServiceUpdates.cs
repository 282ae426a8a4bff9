using RelayServer.Client.Services;

namespace RelayServer.Adapters;

/// <summary>Where the updates of a service go.</summary>
public interface IServiceUpdates
{
    /// <summary>Names the service's updates for ever, together with their numbers.</summary>
    ulong ProducerId { get; }

    /// <summary>Sends an update; completes when it is in the relay's log. The same number again is the same update.</summary>
    /// <param name="target">A topic (<c>topic:SERVICE.TOPIC</c>), a room, or a user's inbox (<c>inbox:SUBJECT</c>).</param>
    /// <param name="card">What it shows.</param>
    /// <param name="subjects">What it is about.</param>
    /// <param name="number">Its number, rising.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="UpdateRefusedException">Refused for good. Any other exception: not now.</exception>
    Task UpdateAsync(string target, ServiceCard card, IReadOnlyList<string> subjects, ulong number, CancellationToken cancellationToken);
}
