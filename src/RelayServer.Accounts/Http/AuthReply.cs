using Microsoft.AspNetCore.Http;

namespace RelayServer.Accounts.Http;

/// <summary>An answer.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">JSON; empty for none.</param>
/// <param name="CacheSeconds">How long anybody may keep it; 0 forbids it.</param>
internal sealed record AuthReply(int Status, ReadOnlyMemory<byte> Body, int CacheSeconds = 0)
{
    public static readonly AuthReply Done = new(StatusCodes.Status204NoContent, default);
}
