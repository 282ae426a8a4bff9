namespace RelayServer.Identity;

/// <summary>What an address answered.</summary>
/// <param name="IsChanged">False when it is what the tag names; then <paramref name="Content"/> is empty.</param>
/// <param name="Content">The bytes.</param>
/// <param name="Tag">Its <c>ETag</c>; null when it has none.</param>
public sealed record FetchedDocument(bool IsChanged, ReadOnlyMemory<byte> Content, string? Tag);
