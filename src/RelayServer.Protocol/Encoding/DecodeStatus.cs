namespace RelayServer.Protocol;

/// <summary>Why a body could not be read. Anything but <see cref="Ok"/> is a malformed body on the wire.</summary>
public enum DecodeStatus : byte
{
    /// <summary>Read completely.</summary>
    Ok,

    /// <summary>The bytes end inside a value.</summary>
    Truncated,

    /// <summary>A value of another type than the one that belongs here.</summary>
    WrongType,

    /// <summary>A number, a length or a count outside its range.</summary>
    OutOfRange,

    /// <summary>A string that is not well-formed UTF-8.</summary>
    BadUtf8,

    /// <summary>A value nested deeper than <see cref="ProtocolLimits.DepthMax"/>.</summary>
    TooDeep,

    /// <summary>Bytes after the end of the body's one value.</summary>
    TrailingBytes,
}
