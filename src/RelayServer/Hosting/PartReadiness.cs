namespace RelayServer.Hosting;

/// <summary>Whether one part is ready.</summary>
/// <param name="Name">The part.</param>
/// <param name="Ready">Whether it is.</param>
/// <param name="Reason">Why not; null when it is.</param>
internal sealed record PartReadiness(string Name, bool Ready, string? Reason);
