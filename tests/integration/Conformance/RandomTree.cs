using System.Text;

namespace RelayServer.IntegrationTests.Conformance;

/// <summary>Random values for <see cref="ConformanceTree"/>; the same seed gives the same values.</summary>
internal sealed class RandomTree(int seed)
{
    private const int LevelsMax = 5;
    private static readonly int[] Lengths = [0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536];
    private readonly Random _random = new(seed);

    /// <summary>A value of the kinds that the protocol's bodies have.</summary>
    public object? OfTheProtocol() => Next(LevelsMax, everyKind: false);

    /// <summary>A value of any kind that MessagePack has.</summary>
    public object? OfAnyKind() => Next(LevelsMax, everyKind: true);

    private object? Next(int levels, bool everyKind)
    {
        switch (_random.Next(everyKind ? 10 : 6))
        {
            case 0: return null;
            case 1: return _random.Next(2) == 0;
            case 2: return (ulong)_random.NextInt64(long.MinValue, long.MaxValue) >> _random.Next(64);
            case 3: return Text(Length(levels));
            case 4: return Bytes(Length(levels));
            case 5: return Items(levels, everyKind);
            case 6: return Math.BitIncrement(_random.NextDouble());
            case 7: return -1L - (_random.NextInt64() >> _random.Next(63));
            case 8: return new ExtensionValue((sbyte)_random.Next(0, 128), Bytes(_random.Next(4) == 0 ? Length(levels) : 1 << _random.Next(5)));
            default: return Map(levels, everyKind);
        }
    }

    private object?[] Items(int levels, bool everyKind)
    {
        int count = levels == 0 ? 0 : _random.Next(20);
        return [.. Enumerable.Range(0, count).Select(_ => Next(levels - 1, everyKind))];
    }

    private MapValue Map(int levels, bool everyKind)
    {
        int count = levels == 0 ? 0 : _random.Next(20);
        return new MapValue([.. Enumerable.Range(0, count).Select(i => KeyValuePair.Create($"k{i}", Next(levels - 1, everyKind)))]);
    }

    // Long values only near the root, so that a tree stays small.
    private int Length(int levels) => levels == LevelsMax ? Lengths[_random.Next(Lengths.Length)] : _random.Next(40);

    private string Text(int characters)
    {
        var text = new StringBuilder();
        for (int i = 0; i < characters; i++)
        {
            text.Append(new Rune(_random.Next(8) switch
            {
                0 => _random.Next(0x80, 0x800),
                1 => _random.Next(0x800, 0xd800),
                2 => _random.Next(0x10000, 0x110000),
                _ => _random.Next(0x20, 0x7f),
            }));
        }

        return text.ToString();
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
