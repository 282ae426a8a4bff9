using Microsoft.Extensions.Logging;
using RelayServer.Protocol;

namespace RelayServer.Http.Admin;

/// <summary>What operators did: for whoever asks later who did it.</summary>
internal static partial class AdminLog
{
    [LoggerMessage(9020, LogLevel.Information, "Operator {User}: {Verb} in room {Room}: {Code}")]
    public static partial void Controlled(ILogger logger, string user, string verb, string room, ErrorCode code);
}
