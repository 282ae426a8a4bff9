using System.Text;
using RelayServer.Edge.Hosting;
using RelayServer.Identity;

namespace RelayServer.Edge.Sessions;

/// <summary>Has sessions closed that are open when their tokens are revoked.</summary>
internal sealed class RevocationWatch(ITokenValidator tokens, EdgeLoop loop)
{
    private int _known = tokens.RefreshRevocations();

    /// <summary>About once a second, and not by the loop: a file may be read.</summary>
    public void Look()
    {
        int now = tokens.RefreshRevocations();
        if (Interlocked.Exchange(ref _known, now) != now)
        {
            CloseRevoked();
        }
    }

    /// <summary>A session has come. Its token may have been revoked since it was looked at, and no later change would tell.</summary>
    public void Came(EdgeSession session)
    {
        if (IsRevoked(session))
        {
            CloseRevoked();
        }
    }

    private void CloseRevoked() => loop.Post(new EdgeEvent(EdgeEventKind.Revoked) { IsMeant = IsRevoked });

    private bool IsRevoked(EdgeSession session) => session.Token is { } token && tokens.IsRevoked(token, Encoding.UTF8.GetString(session.UserId));
}
