using RelayServer.Edge;
using RelayServer.Http.Admin;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Host;

/// <summary>Edge and master behind the HTTP listener, played by the test.</summary>
internal sealed class PlayedRooms : IRoomOperator
{
    public AdminAnswer Answer { get; set; } = new(ErrorCode.None) { Position = new Position(3, 0, 2, 1042) };

    /// <summary>What was asked for, in words.</summary>
    public List<string> Asked { get; } = [];

    public Task<AdminAnswer> ControlAsync(string room, RoomControl control, string user, CancellationToken cancellationToken)
    {
        Asked.Add($"{user} {control.Verb} {room}");
        return Task.FromResult(Answer);
    }

    public Task<AdminAnswer> QueryAsync(in QueryBody query, string user, CancellationToken cancellationToken)
    {
        Asked.Add($"{user} {query.What} [{Text(query.Channel)}] {query.State} [{Text(query.Search)}] [{Text(query.After)}] {query.Max}");
        return Task.FromResult(Answer);
    }

    private static string Text(ReadOnlySpan<byte> utf8) => System.Text.Encoding.UTF8.GetString(utf8);
}
