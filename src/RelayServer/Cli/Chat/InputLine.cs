namespace RelayServer.Cli.Chat;

/// <summary>One line of input, or what is wrong with it.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Bytes">Its bytes without the line feed, its own copy.</param>
/// <param name="Problem">Why it cannot be published; null when it can.</param>
internal readonly record struct InputLine(long Number, byte[] Bytes, string? Problem = null);
