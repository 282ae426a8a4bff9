using System.Globalization;

namespace RelayServer.Fabric;

/// <summary>Keys and channels in Redis. FABRIC.md lists them.</summary>
internal sealed class RedisNames(string prefix)
{
    /// <summary>A hash: slot number to "epoch master".</summary>
    public string Slots { get; } = prefix + "slots";

    /// <summary>A hash: name to body.</summary>
    public string Records { get; } = prefix + "records";

    private string LogPrefix { get; } = prefix + "log:";

    /// <summary>A stream. The channel's name is last, so no name can be taken for another log.</summary>
    public string Log(LogKey log) =>
        string.Create(CultureInfo.InvariantCulture, $"{LogPrefix}{log.Generation}:{log.Partition}:{log.Channel}");

    /// <summary>Matches the keys of all logs: the prefix may have characters that mean something in a pattern.</summary>
    public string LogPattern { get; } = string.Concat(
        prefix.Select(c => "*?[]^-\\".Contains(c, StringComparison.Ordinal) ? "\\" + c : c.ToString())) + "log:*";

    /// <summary>The log of a key that <see cref="Log"/> made; false for any other.</summary>
    public bool TryParseLog(string key, out LogKey log)
    {
        log = default;
        string[] parts = key.StartsWith(LogPrefix, StringComparison.Ordinal) ? key[LogPrefix.Length..].Split(':', 3) : [];
        if (parts.Length != 3
            || !ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong generation)
            || !uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint partition))
        {
            return false;
        }

        log = new(parts[2], generation, partition);
        return true;
    }

    public string Address(FabricAddress address) => prefix + "to:" + address.Value;
}
