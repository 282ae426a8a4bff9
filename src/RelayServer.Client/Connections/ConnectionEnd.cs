using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>Why a connection ended, and what that means for the next one.</summary>
/// <param name="Error">What to tell the user.</param>
/// <param name="Backoff">Not before this, when the server asked for it; else zero.</param>
/// <param name="Moving">The edge is draining: go on to another at once.</param>
internal sealed record ConnectionEnd(RelayException Error, TimeSpan Backoff = default, bool Moving = false)
{
    public ErrorFamily Family => Error.Family;

    /// <summary>What a CLOSE means.</summary>
    public static ConnectionEnd Closed(in CloseBody body)
    {
        string text = System.Text.Encoding.UTF8.GetString(body.Text);
        RelayException error = body.Code == ErrorCode.None
            ? new RelayException(text.Length > 0 ? text : "closed by the server")
            : RelayException.Refused(body.Code, text);
        return new ConnectionEnd(error, TimeSpan.FromMilliseconds(body.BackoffMilliseconds));
    }

    /// <summary>What a failure on this side, or of the network, means.</summary>
    public static ConnectionEnd Failed(string text, Exception? cause = null) => new(new RelayException(text, cause));
}
