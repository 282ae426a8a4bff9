using RelayServer.Bench.Measurement;

namespace RelayServer.Bench.Scenarios;

/// <summary>What is sampled at the two ends of the measured phase.</summary>
/// <param name="Usage">CPU spent in it.</param>
/// <param name="AcksPerSecond">Messages acked in it.</param>
/// <param name="GcPauseSeconds">Pauses of the server from the middle of the warm-up to its end; null when not known.</param>
internal readonly record struct MeasuredPhase(UsageSample Usage, double AcksPerSecond, double? GcPauseSeconds);
