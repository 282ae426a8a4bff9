using System.Collections.Immutable;
using Microsoft.Data.Sqlite;

namespace RelayServer.Fabric;

/// <summary>Who owns which slot: kept in the database, answered from memory. Changed by the writer thread only.</summary>
internal sealed class SlotTable : IDisposable
{
    private readonly Statement _save;
    private ImmutableArray<SlotOwner> _owners;

    public SlotTable(SqliteConnection connection)
    {
        _save = new(connection, "INSERT INTO slots (slot, master, epoch) VALUES (?1, ?2, ?3) ON CONFLICT (slot) DO UPDATE SET master = ?2, epoch = ?3");
        _owners = Load(connection);
    }

    /// <summary>The owners, by slot number; none at all before the first claim.</summary>
    public ImmutableArray<SlotOwner> Owners => _owners;

    /// <summary>Whether a flush that speaks for these slots may be applied.</summary>
    public FlushStatus Judge(List<SlotOwner> claimed)
    {
        bool missing = false;
        foreach (SlotOwner claim in claimed)
        {
            if (_owners.IsEmpty)
            {
                missing = true;
                continue;
            }

            SlotOwner owner = _owners[claim.Slot];
            if (owner.Epoch > claim.Epoch || (owner.Epoch == claim.Epoch && owner.MasterId != claim.MasterId))
            {
                return FlushStatus.Fenced;
            }

            missing |= owner.Epoch < claim.Epoch;
        }

        // An epoch that this store never gave: it is not the store on which the slots were claimed.
        return missing ? FlushStatus.StoreChanged : FlushStatus.Committed;
    }

    /// <summary>The table after a claim. Saves it; the caller commits and then makes it the present one.</summary>
    public ImmutableArray<SlotOwner> Claim(string masterId, ulong epochFloor)
    {
        ulong epoch = epochFloor;
        foreach (SlotOwner owner in _owners)
        {
            epoch = Math.Max(epoch, owner.Epoch);
        }

        epoch++;
        var claimed = ImmutableArray.CreateBuilder<SlotOwner>(Slot.Count);
        for (int slot = 0; slot < Slot.Count; slot++)
        {
            claimed.Add(new(slot, masterId, epoch));
            _save.Bind(1, (ulong)slot).Bind(2, masterId).Bind(3, epoch).Execute();
        }

        return claimed.MoveToImmutable();
    }

    public void Replace(ImmutableArray<SlotOwner> owners) => ImmutableInterlocked.InterlockedExchange(ref _owners, owners);

    public void Dispose() => _save.Dispose();

    private static ImmutableArray<SlotOwner> Load(SqliteConnection connection)
    {
        using var read = new Statement(connection, "SELECT slot, master, epoch FROM slots ORDER BY slot");
        var owners = ImmutableArray.CreateBuilder<SlotOwner>(Slot.Count);
        while (read.Step())
        {
            owners.Add(new((int)read.UInt64(0), read.Text(1), read.UInt64(2)));
        }

        // A claim writes all slots in one transaction.
        if (owners.Count is not (0 or Slot.Count))
        {
            throw new FabricException($"The slot table of {connection.DataSource} is damaged. Restore the file from a backup.");
        }

        return owners.ToImmutable();
    }
}
