using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using StackExchange.Redis;

namespace RelayServer.Fabric;

/// <summary>One flush in Redis: checked, appended and relayed by one script, which nothing else runs beside.</summary>
internal static class FlushScript
{
    /// <summary>The script's answers; a log that is beyond append i (from 1) is <see cref="LogBeyond"/> + i.</summary>
    public const int Committed = 0;
    public const int Fenced = 1;
    public const int StoreChanged = 2;
    public const int LogBeyond = 2;

    // Counts and the store's id come before the lists.
    private const int HeadValues = 7;

    // KEYS: the hashes of slots and records, then the stream of each append, of each trim, of each drop. ARGV: run_id,
    // counts of slots, appends, relays, trims, records and drops, then list after list: slot numbers, "epoch master" of each,
    // append ids, trim ids or "", bodies, relay channels, heads, the appends of each relay as numbers of four bytes from 1,
    // the ids of the first entries that stay, and name and body of each record.
    //
    // Nothing is written before everything was checked: Redis does not undo a script that fails half way. A stream's
    // last entry is never trimmed but with the whole stream, which then knows no ids, so no entry at or after an id means that the id is free. The run_id is asked for
    // here, where it cannot change before the writes; 6 microseconds. A flush that writes nothing asks whether it could:
    // a replica takes it all the same, and its relays would reach nobody who has moved to the primary. HDEL, of a name that
    // no record has, fails before anything is written where the key of the records is something else, or where the right is missing that
    // is needed only when a record goes. Of a record that comes twice the last one says whether it is to go.
    public const string Text = """
        local slots, appends, relays = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
        local trims, records, drops = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
        local slot, owner = 7, 7 + slots
        local id = owner + slots
        local trim, body = id + appends, id + 2 * appends
        local to = body + appends
        local head, picks, stays = to + relays, to + 2 * relays, to + 3 * relays
        local record = stays + trims
        local cut, gone = 2 + appends, 2 + appends + trims

        local changed = not string.find(redis.call('INFO', 'server'), 'run_id:' .. ARGV[1], 1, true)
        if slots > 0 then
            local owners = redis.call('HMGET', KEYS[1], unpack(ARGV, slot + 1, slot + slots))
            for i = 1, slots do
                local found, held = owners[i], ARGV[owner + i]
                if found ~= held then
                    local epoch = found and tonumber(string.match(found, '^%d+')) or 0
                    if epoch >= tonumber(string.match(held, '^%d+')) then return 1 end
                    changed = true
                end
            end
        end
        if changed then return 2 end

        if records > 0 then redis.call('HDEL', KEYS[2], '') end

        local done, log_done = {}, {}
        for i = appends, 1, -1 do
            local key = KEYS[2 + i]
            if log_done[key] then
                done[i] = true
            else
                local found = redis.call('XRANGE', key, ARGV[id + i], '+', 'COUNT', 1)[1]
                if found then
                    if found[1] ~= ARGV[id + i] or found[2][2] ~= ARGV[body + i] then return 2 + i end
                    done[i], log_done[key] = true, true
                end
            end
        end

        local wrote = drops > 0
        for i = 1, appends do
            if not done[i] then
                local added
                if ARGV[trim + i] == '' then
                    added = redis.pcall('XADD', KEYS[2 + i], ARGV[id + i], 'b', ARGV[body + i])
                else
                    added = redis.pcall('XADD', KEYS[2 + i], 'MINID', '~', ARGV[trim + i], ARGV[id + i], 'b', ARGV[body + i])
                end
                if type(added) == 'table' then
                    for j = 1, i - 1 do
                        if not done[j] then redis.call('XDEL', KEYS[2 + j], ARGV[id + j]) end
                    end
                    if string.find(added.err, 'equal or smaller', 1, true) then return 2 + i end
                    return added
                end
                wrote = true
            end
        end

        if records > 0 then
            redis.call('HSET', KEYS[2], unpack(ARGV, record + 1, record + 2 * records))
            for i = record + 1, record + 2 * records, 2 do
                if ARGV[i + 1] == '' and redis.call('HGET', KEYS[2], ARGV[i]) == '' then redis.call('HDEL', KEYS[2], ARGV[i]) end
            end
            wrote = true
        end

        if not wrote and not string.find(redis.call('INFO', 'replication'), 'role:master', 1, true) then
            return redis.error_reply('READONLY this node is a replica')
        end

        for i = 1, trims do
            local key, first = KEYS[cut + i], ARGV[stays + i]
            if redis.call('XRANGE', key, first, '+', 'COUNT', 1)[1] then redis.call('XTRIM', key, 'MINID', first) end
        end

        for i = 1, drops do redis.call('UNLINK', KEYS[gone + i]) end

        local length = {}
        for r = 1, relays do
            local parts, n, picked = { ARGV[head + r] }, 1, ARGV[picks + r]
            for at = 1, #picked, 4 do
                local i = struct.unpack('>I4', picked, at)
                if not length[i] then length[i] = struct.pack('>BI4', 0xc6, #ARGV[body + i]) end
                parts[n + 1], parts[n + 2] = length[i], ARGV[body + i]
                n = n + 2
            end
            redis.call('PUBLISH', ARGV[to + r], table.concat(parts))
        end
        return 0
        """;

    public static RedisKey[] Keys(FabricFlush flush, RedisNames names)
    {
        var keys = new List<RedisKey>(2 + flush.Appends.Count + flush.Trims.Count + flush.Drops.Count) { names.Slots, names.Records };
        foreach (FabricAppend append in flush.Appends)
        {
            keys.Add(names.Log(append.Log));
        }

        foreach (FabricTrim trim in flush.Trims)
        {
            keys.Add(names.Log(trim.Log));
        }

        foreach (LogKey log in flush.Drops)
        {
            keys.Add(names.Log(log));
        }

        return [.. keys];
    }

    public static RedisValue[] Values(FabricFlush flush, RedisNames names, string storeId)
    {
        int slots = flush.Slots.Count;
        int appends = flush.Appends.Count;
        int relays = flush.Relays.Count;
        int trims = flush.Trims.Count;
        int records = flush.Records.Count;
        var values = new RedisValue[HeadValues + (2 * slots) + (3 * appends) + (3 * relays) + trims + (2 * records)];
        (values[0], values[1], values[2], values[3]) = (storeId, slots, appends, relays);
        (values[4], values[5], values[6]) = (trims, records, flush.Drops.Count);
        Span<RedisValue> rest = values.AsSpan(HeadValues);
        for (int i = 0; i < slots; i++)
        {
            rest[i] = flush.Slots[i].Slot;
            rest[slots + i] = RedisOwner.Format(flush.Slots[i].Epoch, flush.Slots[i].MasterId);
        }

        rest = rest[(2 * slots)..];
        for (int i = 0; i < appends; i++)
        {
            FabricAppend append = flush.Appends[i];
            rest[i] = EntryId(append.Epoch, append.LastSeq);
            rest[appends + i] = TrimId(append);
            rest[(2 * appends) + i] = Bytes(append.Body);
        }

        rest = rest[(3 * appends)..];
        for (int i = 0; i < relays; i++)
        {
            FabricRelay relay = flush.Relays[i];
            rest[i] = names.Address(relay.To);
            rest[relays + i] = Bytes(relay.Head);
            rest[(2 * relays) + i] = Picks(relay.Appends);
        }

        rest = rest[(3 * relays)..];
        for (int i = 0; i < trims; i++)
        {
            rest[i] = EntryId(flush.Trims[i].Epoch, flush.Trims[i].Seq);
        }

        rest = rest[trims..];
        for (int i = 0; i < records; i++)
        {
            (rest[2 * i], rest[(2 * i) + 1]) = (flush.Records[i].Name, Bytes(flush.Records[i].Body));
        }

        return values;
    }

    public static string EntryId(ulong epoch, ulong seq) => string.Create(CultureInfo.InvariantCulture, $"{epoch}-{seq}");

    // Never beyond the entry itself: the last one of a log stays, see above.
    private static string TrimId(FabricAppend append)
    {
        if (append.TrimBefore is not { } before)
        {
            return "";
        }

        return before.CompareTo((append.Epoch, append.LastSeq)) < 0
            ? EntryId(before.Epoch, before.Seq)
            : EntryId(append.Epoch, append.LastSeq);
    }

    private static byte[] Bytes(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out ArraySegment<byte> segment) && segment.Array!.Length == memory.Length
            ? segment.Array
            : memory.ToArray();

    private static byte[] Picks(IReadOnlyList<int> appends)
    {
        byte[] picks = new byte[sizeof(uint) * appends.Count];
        for (int i = 0; i < appends.Count; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(picks.AsSpan(sizeof(uint) * i), appends[i] + 1);
        }

        return picks;
    }
}
