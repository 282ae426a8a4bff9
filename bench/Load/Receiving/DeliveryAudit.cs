using RelayServer.Bench.Load.Publishing;

namespace RelayServer.Bench.Load.Receiving;

/// <summary>Holds what the relay acknowledged against what each member received.</summary>
/// <param name="Expected">Acked messages times members.</param>
/// <param name="Received">Messages of the run that members received, doubled ones included.</param>
/// <param name="Lost">Acked messages that a member did not receive, over all members.</param>
/// <param name="Duplicated">Messages that a member received again.</param>
/// <param name="OutOfOrder">Messages that a member received after a later one.</param>
/// <param name="Misplaced">Messages that were delivered at another place than they were acked at.</param>
internal sealed record DeliveryAudit(
    long Expected, long Received, long Lost, long Duplicated, long OutOfOrder, long Misplaced)
{
    /// <summary>True when nothing is wrong.</summary>
    public bool IsClean => Lost == 0 && Duplicated == 0 && OutOfOrder == 0 && Misplaced == 0;

    /// <summary>Audits some members who share a ledger.</summary>
    public static DeliveryAudit Of(IReadOnlyList<Ack> acks, MessageLedger ledger, IReadOnlyCollection<MemberCursor> members)
    {
        ArgumentNullException.ThrowIfNull(acks);
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(members);
        long lost = 0;
        long misplaced = 0;
        var seqs = new List<ulong>(acks.Count);
        foreach (Ack ack in acks)
        {
            ulong seen = ledger.SeqOf(ack.Publisher, ack.Number);
            if (seen == 0)
            {
                lost += members.Count;
                continue;
            }

            misplaced += seen == ack.Seq ? 0 : 1;
            seqs.Add(seen);
        }

        seqs.Sort();
        foreach (MemberCursor member in members)
        {
            int reached = FirstAtOrAbove(seqs, member.NextSeq);
            lost += seqs.Count - reached;
            for (int i = 0; i < reached && member.Missing.Count > 0; i++)
            {
                lost += member.Missing.Contains(seqs[i]) ? 1 : 0;
            }
        }

        return new DeliveryAudit(
            (long)acks.Count * members.Count,
            members.Sum(member => member.Received),
            lost,
            members.Sum(member => member.Duplicated),
            members.Sum(member => member.OutOfOrder),
            misplaced);
    }

    /// <summary>Adds the findings for other members of the same run.</summary>
    public DeliveryAudit Plus(DeliveryAudit other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new DeliveryAudit(
            Expected + other.Expected,
            Received + other.Received,
            Lost + other.Lost,
            Duplicated + other.Duplicated,
            OutOfOrder + other.OutOfOrder,
            Misplaced + other.Misplaced);
    }

    private static int FirstAtOrAbove(List<ulong> sorted, ulong seq)
    {
        int index = sorted.BinarySearch(seq);
        return index < 0 ? ~index : index;
    }
}
