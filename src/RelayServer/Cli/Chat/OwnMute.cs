using RelayServer.Client;
using RelayServer.Rooms;

namespace RelayServer.Cli.Chat;

/// <summary>Why somebody may not speak, as the room was told: a refusal has the time that is left, but not the reason.</summary>
/// <param name="user">Who; null when that is not known.</param>
internal sealed class OwnMute(string? user)
{
    private volatile string _reason = string.Empty;

    /// <summary>Who.</summary>
    public string? User => user;

    /// <summary>Why; empty when that was not said.</summary>
    public string Reason => _reason;

    /// <summary>Takes a change of the room.</summary>
    public void Note(RelayRoomChange change)
    {
        if (change.Control.Verb == ControlVerb.Mute && change.Control.User == user)
        {
            _reason = change.Control.Text;
        }
    }
}
