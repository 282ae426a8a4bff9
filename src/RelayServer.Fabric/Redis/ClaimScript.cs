namespace RelayServer.Fabric;

/// <summary>Makes one master the owner of all slots, above every epoch in the table and the floor.</summary>
internal static class ClaimScript
{
    // KEYS: the slot hash. ARGV: master id, floor, count of slots, channel of those who follow the table. Answers the
    // epoch, as text because a Lua number of its size prints rounded, and the server's run_id.
    public const string Text = """
        local epoch = tonumber(ARGV[2])
        for _, held in ipairs(redis.call('HVALS', KEYS[1])) do
            epoch = math.max(epoch, tonumber(string.match(held, '^%d+')) or 0)
        end
        epoch = string.format('%.0f', epoch + 1)
        local owners = {}
        for slot = 1, tonumber(ARGV[3]) do
            owners[2 * slot - 1], owners[2 * slot] = slot - 1, epoch .. ' ' .. ARGV[1]
        end
        redis.call('HSET', KEYS[1], unpack(owners))
        redis.call('PUBLISH', ARGV[4], '')
        return { epoch, string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') }
        """;
}
