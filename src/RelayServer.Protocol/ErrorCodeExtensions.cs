namespace RelayServer.Protocol;

/// <summary>Reads the family off an <see cref="ErrorCode"/>.</summary>
public static class ErrorCodeExtensions
{
    private const int FamilySize = 1000;

    /// <summary>The family; an unknown range is <see cref="ErrorFamily.Final"/>, so that nobody loops on it.</summary>
    public static ErrorFamily Family(this ErrorCode code) => ((int)code / FamilySize) switch
    {
        0 => ErrorFamily.None,
        1 => ErrorFamily.Retry,
        2 => ErrorFamily.SignInAgain,
        _ => ErrorFamily.Final,
    };
}
