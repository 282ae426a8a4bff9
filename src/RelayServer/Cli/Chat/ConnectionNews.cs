using System.Globalization;
using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.Cli.Chat;

/// <summary>
/// Tells how the connection fares: that it was lost, at once; why it does not come back, when the reason is a new one;
/// that it is back. That a token has expired is no news while a new one is to be had.
/// </summary>
internal sealed class ConnectionNews(Action<string> tell)
{
    private static readonly TimeSpan WorthSaying = TimeSpan.FromSeconds(1);

    private string? _toldReason;
    private bool _renews;

    /// <summary>There was a connection.</summary>
    public bool WasConnected { get; private set; }

    /// <summary>Takes one change of the client's state.</summary>
    public void Take(RelayStateChange change)
    {
        switch (change)
        {
            case { State: RelayClientState.Connected }:
                if (!_renews || _toldReason is not null)
                {
                    tell($"{(WasConnected ? "connected again" : "connected")} to {change.Endpoint} as {change.UserId}");
                }

                WasConnected = true;
                _toldReason = null;
                _renews = false;
                break;
            case { State: RelayClientState.Waiting, Error.Code: ErrorCode.TokenExpired } when WasConnected && !_renews && _toldReason is null:
                _renews = true;
                break;
            case { State: RelayClientState.Waiting, Error: { } error, RetryIn: { } retryIn } when IsNews(error, retryIn):
                tell(Describe(error, retryIn));
                _toldReason = error.Message;
                break;
        }
    }

    // Before there was a connection, a refused token is asked for once more, and what comes of that is told by the end. While
    // away, a refused token is read anew first, which settles it mostly, as after the start of a relay that made a
    // new key.
    private bool IsNews(RelayException error, TimeSpan retryIn) =>
        error.Message != _toldReason
        && (WasConnected || error.Family != ErrorFamily.SignInAgain)
        && (_toldReason is null || error.Family != ErrorFamily.SignInAgain || retryIn >= WorthSaying);

    private string Describe(RelayException error, TimeSpan retryIn)
    {
        string next = retryIn < WorthSaying
            ? "reconnecting\u2026"
            : string.Create(CultureInfo.InvariantCulture, $"reconnecting in {retryIn.TotalSeconds:0} s\u2026");
        if (!WasConnected)
        {
            return $"not connected: {error.Message}; trying again\u2026";
        }

        if (_toldReason is not null)
        {
            return $"still not connected: {error.Message}; {next}";
        }

        return error.Code == ErrorCode.Draining && retryIn == TimeSpan.Zero
            ? "this edge is shutting down; reconnecting\u2026"
            : $"connection lost: {error.Message}; {next}";
    }
}
