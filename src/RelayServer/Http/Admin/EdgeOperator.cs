using RelayServer.Edge;
using RelayServer.Hosting;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Http.Admin;

/// <summary>Goes through one of the process's edges: the first one that is ready.</summary>
/// <param name="edges">The edges; asked with every request.</param>
internal sealed class EdgeOperator(Func<IReadOnlyList<EdgePart>> edges) : IRoomOperator
{
    private const uint RetryAfterMilliseconds = 1000;

    public Task<AdminAnswer> ControlAsync(string room, RoomControl control, string user, CancellationToken cancellationToken) =>
        Find() is { } edge ? edge.ControlAsync(room, control, user, cancellationToken) : NoneAsync();

    public Task<AdminAnswer> QueryAsync(in QueryBody query, string user, CancellationToken cancellationToken) =>
        Find() is { } edge ? edge.QueryAsync(query, user, cancellationToken) : NoneAsync();

    // One that runs and is not ready waits for its master as long as a request may take.
    private EdgeServer? Find()
    {
        EdgeServer[] running = [.. edges().Select(edge => edge.Server).OfType<EdgeServer>()];
        return Array.Find(running, edge => edge.NotReadyReason is null) ?? running.FirstOrDefault();
    }

    private static Task<AdminAnswer> NoneAsync() =>
        Task.FromResult(new AdminAnswer(ErrorCode.Unavailable, "no edge of this process is running", RetryAfterMilliseconds));
}
