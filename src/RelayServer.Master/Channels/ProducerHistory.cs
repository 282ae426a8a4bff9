using System.Runtime.InteropServices;

namespace RelayServer.Master.Channels;

/// <summary>
/// Which numbers of one producer are in a channel's log, and where: runs in growing order of number, so that a
/// producer that is alone in a room costs one run however much it sends.
/// </summary>
internal sealed class ProducerHistory
{
    private readonly List<NumberRun> _runs = [];
    private int _start;
    private ulong _trimmedNumberMax;
    private bool _hasTrimmed;

    public bool IsEmpty => _start == _runs.Count;

    /// <summary>Looks a number up, after forgetting what is at or before <paramref name="trimmedSeq"/>.</summary>
    public NumberLookup Find(ulong number, ulong trimmedSeq, out ulong epoch, out ulong seq)
    {
        Trim(trimmedSeq);
        epoch = 0;
        seq = 0;
        int index = IndexAtOrBefore(number);
        if (index >= _start)
        {
            ref readonly NumberRun run = ref CollectionsMarshal.AsSpan(_runs)[index];
            if (number <= run.LastNumber)
            {
                epoch = run.Epoch;
                seq = run.FirstSeq + (number - run.FirstNumber);
                return seq > trimmedSeq ? NumberLookup.Known : NumberLookup.Expired;
            }
        }

        return _hasTrimmed && number <= _trimmedNumberMax ? NumberLookup.Expired : NumberLookup.New;
    }

    /// <summary>Notes a number that <see cref="Find"/> called new.</summary>
    public void Add(ulong number, ulong epoch, ulong seq)
    {
        int index = IndexAtOrBefore(number);
        if (index >= _start)
        {
            ref NumberRun run = ref CollectionsMarshal.AsSpan(_runs)[index];
            if (number == run.LastNumber + 1 && seq == run.LastSeq + 1 && epoch == run.Epoch)
            {
                run.Count++;
                return;
            }
        }

        _runs.Insert(index + 1, new NumberRun { FirstNumber = number, FirstSeq = seq, Epoch = epoch, Count = 1 });
    }

    /// <summary>Forgets numbers at or before a place in the log.</summary>
    public void Trim(ulong trimmedSeq)
    {
        Span<NumberRun> runs = CollectionsMarshal.AsSpan(_runs);
        while (_start < runs.Length && runs[_start].LastSeq <= trimmedSeq)
        {
            _trimmedNumberMax = Math.Max(_trimmedNumberMax, runs[_start].LastNumber);
            _hasTrimmed = true;
            _start++;
        }

        // Move the rest to the front only when that frees half of the list: amortized constant.
        if (_start > 16 && _start >= _runs.Count / 2)
        {
            _runs.RemoveRange(0, _start);
            _start = 0;
        }
    }

    // The last run that begins at or before the number; _start - 1 when there is none.
    private int IndexAtOrBefore(ulong number)
    {
        Span<NumberRun> runs = CollectionsMarshal.AsSpan(_runs);
        int low = _start;
        int high = runs.Length - 1;
        if (high >= low && runs[high].FirstNumber <= number)
        {
            return high;
        }

        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (runs[middle].FirstNumber <= number)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high;
    }
}
