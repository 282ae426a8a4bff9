using System.Globalization;

namespace RelayServer.Fabric;

/// <summary>Keys and channels in Redis. FABRIC.md lists them.</summary>
internal sealed class RedisNames(string prefix)
{
    /// <summary>A hash: slot number to "epoch master".</summary>
    public string Slots { get; } = prefix + "slots";

    /// <summary>A stream. The channel's name is last, so no name can be taken for another log.</summary>
    public string Log(LogKey log) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}log:{log.Generation}:{log.Partition}:{log.Channel}");

    public string Address(FabricAddress address) => prefix + "to:" + address.Value;
}
