namespace RelayServer.Hosting;

/// <summary>The body of <c>/readyz</c>.</summary>
/// <param name="Ready">Whether to send work here.</param>
/// <param name="Reason">Why not, when it is the whole process: <c>starting</c> or <c>stopping</c>.</param>
/// <param name="Parts">Each part.</param>
internal sealed record ReadinessReport(bool Ready, string? Reason, IReadOnlyList<PartReadiness> Parts);
