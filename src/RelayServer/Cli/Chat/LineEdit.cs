namespace RelayServer.Cli.Chat;

/// <summary>What a key did to a <see cref="LineEditor"/>.</summary>
internal enum LineEdit
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The text or the cursor changed.</summary>
    Changed,

    /// <summary>The line is complete.</summary>
    Entered,

    /// <summary>The end of the input.</summary>
    Ended,
}
