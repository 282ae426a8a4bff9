namespace RelayServer.Bench.Load.Publishing;

/// <summary>The relay's word that a message is in the log.</summary>
/// <param name="Publisher">Index of the publisher.</param>
/// <param name="Number">Number of the message, from 0.</param>
/// <param name="Seq">Its place in the log.</param>
internal readonly record struct Ack(int Publisher, long Number, ulong Seq);
