using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Processes;

/// <summary>A message as the store has it.</summary>
internal sealed record LoggedEntry(Position At, MessageKind Kind, string From, string Text, SplitNotice? Notice)
{
    /// <summary>It is the last of its generation.</summary>
    public bool Ends => Notice is { } notice && notice.To.Generation > At.Generation;
}
