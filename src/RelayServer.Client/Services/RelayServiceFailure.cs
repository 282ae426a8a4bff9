namespace RelayServer.Client.Services;

/// <summary>A handler has failed; the caller was told that, and no more.</summary>
/// <param name="Verb">Which verb it was about.</param>
/// <param name="Key">The command's key.</param>
/// <param name="Attempt">Which attempt it was.</param>
/// <param name="Reason">
/// The type of what the handler threw, without its text, which may have what belongs into no log; or what is wrong with its result.
/// </param>
public sealed record RelayServiceFailure(string Verb, string Key, int Attempt, string Reason);
