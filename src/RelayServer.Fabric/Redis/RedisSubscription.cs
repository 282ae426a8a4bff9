using StackExchange.Redis;

namespace RelayServer.Fabric;

/// <summary>What one subscriber wants, whatever link carries it.</summary>
/// <param name="channel">The channel in Redis.</param>
/// <param name="receive">Takes each message; must return quickly.</param>
internal sealed class RedisSubscription(RedisChannel channel, Action<byte[]> receive)
{
    public RedisChannel Channel => channel;

    public void Receive(byte[] message) => receive(message);
}
