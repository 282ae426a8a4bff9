using System.Globalization;

namespace RelayServer.Fabric;

/// <summary>An entry of the slot table: <c>epoch master</c>; a master's id may hold blanks itself.</summary>
internal static class RedisOwner
{
    public static string Format(ulong epoch, string masterId) => string.Create(CultureInfo.InvariantCulture, $"{epoch} {masterId}");

    public static (ulong Epoch, string MasterId) Parse(string owner)
    {
        int blank = owner.IndexOf(' ', StringComparison.Ordinal);
        return (ulong.Parse(owner.AsSpan(0, blank), CultureInfo.InvariantCulture), owner[(blank + 1)..]);
    }
}
