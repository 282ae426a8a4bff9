namespace RelayServer.Fabric;

/// <summary>Who owns a slot.</summary>
/// <param name="Slot">The slot's number, from 0.</param>
/// <param name="MasterId">Its owner.</param>
/// <param name="Epoch">The owner's fencing token; grows with every claim.</param>
public readonly record struct SlotOwner(int Slot, string MasterId, ulong Epoch);
