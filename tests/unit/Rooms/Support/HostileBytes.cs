using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Rooms.Support;

/// <summary>Bytes that somebody might send who means no good: good ones with some changed, cut, doubled, or none of them good.</summary>
internal sealed class HostileBytes
{
    private readonly Random _random = new((int)(TestSeed.Choose() & int.MaxValue));

    public byte[] Damaged(IReadOnlyList<byte[]> good)
    {
        byte[] source = good[_random.Next(good.Count)];
        switch (_random.Next(4))
        {
            case 0:
                return source[.._random.Next(source.Length + 1)];
            case 1:
                return [.. source[.._random.Next(source.Length + 1)], .. source[_random.Next(source.Length)..]];
            case 2:
                byte[] any = new byte[_random.Next(64)];
                _random.NextBytes(any);
                return any;
            default:
                byte[] changed = [.. source];
                for (int i = _random.Next(1, 4); i > 0; i--)
                {
                    changed[_random.Next(changed.Length)] = (byte)_random.Next(256);
                }

                return changed;
        }
    }
}
