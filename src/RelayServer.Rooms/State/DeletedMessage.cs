namespace RelayServer.Rooms;

/// <summary>A message that is not to be shown any more.</summary>
/// <param name="User">Who wrote it. Part of the name: what others number does not touch it.</param>
/// <param name="ProducerId">Its producer id.</param>
/// <param name="Number">Its number.</param>
internal readonly record struct DeletedMessage(byte[] User, ulong ProducerId, ulong Number);
