namespace RelayServer.Client.Services;

/// <summary>One fact on a card.</summary>
/// <param name="Name">What it is, 1–64 bytes of UTF-8.</param>
/// <param name="Value">Its value, at most 500 bytes of UTF-8.</param>
public sealed record CardField(string Name, string Value);
