using System.Runtime.InteropServices;

namespace RelayServer.Master.Channels;

/// <summary>
/// Which numbers of one producer are in a channel's log, and where: runs in growing order of number and place, so that
/// a producer that is alone in a room costs one run however much it sends. A number below one that is there already,
/// such as that of a message refused before, stands beside them: whatever order a client chooses, each costs the same.
/// </summary>
internal sealed class ProducerHistory
{
    // Clients choose the numbers: the hash is keyed per process.
    private static readonly EqualityComparer<ulong> s_keyedHash = EqualityComparer<ulong>.Create(
        static (x, y) => x == y, static number => HashCode.Combine(number));

    // Room for so many is not given back.
    private const int SpareMin = 16;

    private readonly List<NumberRun> _runs = [];
    private Dictionary<ulong, MessagePlace>? _late;
    private Queue<ulong>? _lateInOrder;
    private int _start;
    private ulong _trimmedNumberMax;
    private bool _hasTrimmed;

    /// <summary>How much it remembers: runs of numbers, and numbers beside them.</summary>
    public int Count => _runs.Count - _start + (_late?.Count ?? 0);

    public bool IsEmpty => _start == _runs.Count && _late is null;

    /// <summary>Looks a number up, after forgetting what has left the logs. The place is valid when the number is known.</summary>
    public NumberLookup Find(ulong number, out MessagePlace place)
    {
        Trim();
        place = default;
        int index = IndexAtOrBefore(number);
        if (index >= _start)
        {
            ref readonly NumberRun run = ref CollectionsMarshal.AsSpan(_runs)[index];
            if (number <= run.LastNumber)
            {
                place = new MessagePlace(run.Log, run.Epoch, run.FirstSeq + (number - run.FirstNumber));
                return place.IsTrimmed ? NumberLookup.Expired : NumberLookup.Known;
            }
        }

        if (_late is not null && _late.TryGetValue(number, out place))
        {
            return place.IsTrimmed ? NumberLookup.Expired : NumberLookup.Known;
        }

        return _hasTrimmed && number <= _trimmedNumberMax ? NumberLookup.Expired : NumberLookup.New;
    }

    /// <summary>True for a number above all that are known, or were while this is kept in mind.</summary>
    public bool IsAboveAll(ulong number) =>
        !(_start < _runs.Count && number <= _runs[^1].LastNumber) && !(_hasTrimmed && number <= _trimmedNumberMax);

    /// <summary>Notes a number that <see cref="Find"/> called new. True when that takes more memory.</summary>
    public bool Add(ulong number, MessagePlace place)
    {
        if (_start < _runs.Count)
        {
            ref NumberRun last = ref CollectionsMarshal.AsSpan(_runs)[^1];
            if (number < last.FirstNumber)
            {
                (_late ??= new(s_keyedHash)).Add(number, place);
                (_lateInOrder ??= new()).Enqueue(number);
                return true;
            }

            if (number == last.LastNumber + 1 && place.Seq == last.LastSeq + 1 && place.Epoch == last.Epoch && place.Log == last.Log)
            {
                last.Count++;
                return false;
            }
        }

        _runs.Add(new NumberRun { FirstNumber = number, FirstSeq = place.Seq, Epoch = place.Epoch, Count = 1, Log = place.Log });
        return true;
    }

    /// <summary>Numbers below this one may have been in the part of the log that is gone: nobody can tell any more.</summary>
    public void ForgetBelow(ulong number)
    {
        if (number > 0)
        {
            Forget(number - 1);
        }
    }

    /// <summary>Forgets numbers whose messages have left their logs. Logs may shrink in another order than they grew; what then stays a while is recognised by its place, and goes with <see cref="Sweep"/>.</summary>
    public void Trim()
    {
        Span<NumberRun> runs = CollectionsMarshal.AsSpan(_runs);
        while (_start < runs.Length && runs[_start].IsTrimmed)
        {
            Forget(runs[_start].LastNumber);
            _start++;
        }

        while (_late is not null && _late[_lateInOrder!.Peek()].IsTrimmed)
        {
            ulong number = _lateInOrder.Dequeue();
            Forget(number);
            _late.Remove(number);
            _late = _late.Count == 0 ? null : _late;
        }

        // Move the rest to the front only when that frees half of the list: amortized constant.
        if (_start > 16 && _start >= _runs.Count / 2)
        {
            _runs.RemoveRange(0, _start);
            _start = 0;
        }
    }

    /// <summary>Forgets all that has left its log, also behind what stays; takes time that follows what there is.</summary>
    public void Sweep()
    {
        Span<NumberRun> runs = CollectionsMarshal.AsSpan(_runs);
        int kept = 0;
        for (int i = _start; i < runs.Length; i++)
        {
            if (runs[i].IsTrimmed)
            {
                Forget(runs[i].LastNumber);
            }
            else
            {
                runs[kept++] = runs[i];
            }
        }

        _runs.RemoveRange(kept, _runs.Count - kept);
        _start = 0;
        SweepLate();

        // One that was busy once must not keep the room for that.
        if (_runs.Capacity > SpareMin && _runs.Capacity > 2 * kept)
        {
            _runs.TrimExcess();
        }
    }

    // Whoever is left keeps its turn.
    private void SweepLate()
    {
        if (_late is null)
        {
            _lateInOrder = null;
            return;
        }

        for (int left = _lateInOrder!.Count; left > 0; left--)
        {
            ulong number = _lateInOrder.Dequeue();
            if (_late[number].IsTrimmed)
            {
                Forget(number);
                _late.Remove(number);
            }
            else
            {
                _lateInOrder.Enqueue(number);
            }
        }

        if (_late.EnsureCapacity(0) > Math.Max(SpareMin, 2 * _late.Count))
        {
            _late.TrimExcess();
            _lateInOrder.TrimExcess();
        }

        _late = _late.Count == 0 ? null : _late;
    }

    private void Forget(ulong number)
    {
        _trimmedNumberMax = Math.Max(_trimmedNumberMax, number);
        _hasTrimmed = true;
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
