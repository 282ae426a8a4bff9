namespace RelayServer.Master.Splits;

/// <summary>What a room that splits itself is watched for: how much its members say.</summary>
internal sealed class SplitPolicy(ulong nowMilliseconds)
{
    private const ulong MillisecondsPerSecond = 1000;

    private ulong _messages;
    private ulong _sinceMilliseconds = nowMilliseconds;

    public void CountMessage() => _messages++;

    /// <summary>Messages in a second since this was last asked; a master that stood still counts no more by that.</summary>
    public uint TakeRate(ulong nowMilliseconds)
    {
        ulong elapsed = Math.Max(MillisecondsPerSecond, nowMilliseconds - Math.Min(nowMilliseconds, _sinceMilliseconds));
        ulong rate = _messages * MillisecondsPerSecond / elapsed;
        _messages = 0;
        _sinceMilliseconds = nowMilliseconds;
        return (uint)Math.Min(uint.MaxValue, rate);
    }
}
