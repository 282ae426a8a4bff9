namespace RelayServer.Accounts.Limits;

/// <summary>At most so many in any period of this length.</summary>
/// <param name="Kind">What is limited.</param>
/// <param name="Subject">For whom; a keyed hash, or empty for everybody.</param>
/// <param name="CountMax">How many.</param>
/// <param name="Period">In how long.</param>
internal readonly record struct AttemptLimit(string Kind, string Subject, int CountMax, TimeSpan Period);
