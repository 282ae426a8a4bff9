namespace RelayServer.Rooms;

/// <summary>
/// Puts texts in the order of their bytes in UTF-8, as the protocol has lists of them. Their UTF-16 has another: half of a
/// pair, which stands for a character above all that have no pair, is below U+E000.
/// </summary>
internal sealed class Utf8Order : IComparer<string>
{
    public static Utf8Order Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        int same = x.AsSpan().CommonPrefixLength(y);
        if (x is null || y is null || same == x.Length || same == y.Length)
        {
            return (x?.Length ?? 0) - (y?.Length ?? 0);
        }

        bool isPair = char.IsSurrogate(x[same]);
        return isPair == char.IsSurrogate(y[same]) ? x[same] - y[same] : isPair ? 1 : -1;
    }
}
