using System.Text;

namespace RelayServer.Client;

/// <summary>
/// Turns user ids into strings without a new string per message: one remembered id per hash slot, so it never grows
/// and chosen ids can only cause misses.
/// </summary>
internal sealed class SenderNames
{
    private const int SlotCount = 256;

    private readonly (byte[] Utf8, string Text)[] _slots = new (byte[], string)[SlotCount];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        var hash = default(HashCode);
        hash.AddBytes(utf8);
        ref (byte[] Utf8, string Text) slot = ref _slots[(uint)hash.ToHashCode() % SlotCount];
        if (slot.Utf8 is null || !utf8.SequenceEqual(slot.Utf8))
        {
            slot = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        }

        return slot.Text;
    }
}
