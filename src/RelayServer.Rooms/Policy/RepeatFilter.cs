namespace RelayServer.Rooms;

/// <summary>
/// Knows the last texts of a room again, by keyed hashes, so that a text is not said twice in a row by a crowd. Letters' case
/// (ASCII) and white space make no difference.
/// </summary>
public sealed class RepeatFilter
{
    /// <summary>How many texts are remembered.</summary>
    public const int TextsMax = 256;

    private readonly UInt128 _key;
    private readonly ulong[] _hashes = new ulong[TextsMax];
    private int _count;
    private int _next;

    /// <summary>Remembers nothing yet.</summary>
    /// <param name="key">A secret of the process, for the hashes.</param>
    public RepeatFilter(UInt128 key) => _key = key;

    /// <summary>True when a text (UTF-8) is among those remembered.</summary>
    public bool IsRepeat(ReadOnlySpan<byte> text) => _hashes.AsSpan(0, _count).Contains(Hash(text));

    /// <summary>Remembers a text that was said, in place of the oldest.</summary>
    public void Remember(ReadOnlySpan<byte> text)
    {
        _hashes[_next] = Hash(text);
        _next = (_next + 1) % TextsMax;
        _count = Math.Min(_count + 1, TextsMax);
    }

    private ulong Hash(ReadOnlySpan<byte> text)
    {
        var hash = new SipHash(_key);
        foreach (byte b in text)
        {
            switch (b)
            {
                case <= (byte)' ': break;
                case >= (byte)'A' and <= (byte)'Z': hash.Add((byte)(b | 0x20)); break;
                default: hash.Add(b); break;
            }
        }

        return hash.Finish();
    }
}
