using System.Globalization;
using StackExchange.Redis;

namespace RelayServer.Fabric;

/// <summary>Reads the hash of records.</summary>
internal sealed class RedisRecordReader(RedisConnection connection, RedisNames names)
{
    public async Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        RedisValue body = await connection.RunAsync(
            database => database.HashGetAsync(names.Records, name), 0, cancellationToken);
        return body.IsNull ? null : (byte[])body!;
    }

    public async Task<RecordList> ListAsync(ulong cursor, int max, CancellationToken cancellationToken)
    {
        RedisKey key = names.Records;
        RedisResult answer = await connection.RunAsync(
            database => database.ExecuteAsync(
                "HSCAN", key, cursor.ToString(CultureInfo.InvariantCulture), "COUNT", max),
            0,
            cancellationToken);
        var parts = (RedisResult[])answer;
        var fields = (RedisResult[])parts[1];
        var records = new List<FabricRecord>(fields.Length / 2);
        for (int i = 0; i < fields.Length; i += 2)
        {
            records.Add(new((string)fields[i], (byte[])fields[i + 1]));
        }

        return new(records, ulong.Parse((string)parts[0], CultureInfo.InvariantCulture));
    }
}
