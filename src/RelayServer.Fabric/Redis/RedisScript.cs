using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace RelayServer.Fabric;

/// <summary>
/// A constant script. Sent by its hash; where the server does not know it (any more), in full, which also makes it
/// known again.
/// </summary>
internal sealed class RedisScript(string text)
{
    private readonly byte[] _hash = HashOf(text);

    public async Task<RedisResult> RunAsync(IDatabaseAsync database, RedisKey[] keys, RedisValue[] values)
    {
        try
        {
            return await database.ScriptEvaluateAsync(_hash, keys, values);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            object[] arguments = [text, keys.Length, .. keys.Cast<object>(), .. values.Cast<object>()];
            return await database.ExecuteAsync("EVAL", arguments);
        }
    }

    // Not for security: Redis names a script by this hash.
#pragma warning disable CA5350
    private static byte[] HashOf(string text) => SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350
}
