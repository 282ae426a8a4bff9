namespace RelayServer.Client.Services;

/// <summary>One fact on a card.</summary>
/// <param name="Name">What it is, 1–64 characters.</param>
/// <param name="Value">Its value, at most 500 characters.</param>
public sealed record CardField(string Name, string Value);
