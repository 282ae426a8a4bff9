namespace RelayServer.Protocol;

/// <summary>What a client does about an <see cref="ErrorCode"/>: its thousands.</summary>
public enum ErrorFamily
{
    /// <summary>No failure.</summary>
    None = 0,

    /// <summary>Try again, after the back-off given.</summary>
    Retry = 1,

    /// <summary>Get a new token first.</summary>
    SignInAgain = 2,

    /// <summary>Do not repeat it.</summary>
    Final = 3,
}
