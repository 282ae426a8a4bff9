namespace RelayServer.Hosting;

/// <summary>A part of the process that starts, can be asked whether it is ready, and stops.</summary>
internal interface IRelayPart
{
    /// <summary>Its name in logs and in readiness reports, such as <c>fabric</c> or <c>edge 127.0.0.1:7400</c>.</summary>
    string Name { get; }

    /// <summary>Why it is not ready; null when it is. Asked from any thread, also before the start and after the stop.</summary>
    string? NotReadyReason { get; }

    /// <summary>Starts it.</summary>
    /// <exception cref="StartException">It cannot start; the message is for the operator.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Stops it: gracefully until the token is cancelled, then at once.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
