using RelayServer.Edge;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Http.Admin;

/// <summary>Does to rooms what an operator asks for; <see cref="EdgeServer"/> says how.</summary>
internal interface IRoomOperator
{
    Task<AdminAnswer> ControlAsync(string room, RoomControl control, string user, CancellationToken cancellationToken);

    Task<AdminAnswer> QueryAsync(in QueryBody query, string user, CancellationToken cancellationToken);
}
