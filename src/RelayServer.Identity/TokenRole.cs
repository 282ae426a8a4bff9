namespace RelayServer.Identity;

/// <summary>What a token lets its holder be in every room. A room may give more, and limits a plain member to less.</summary>
public enum TokenRole : byte
{
    /// <summary>Only watches.</summary>
    Viewer = 1,

    /// <summary>Takes part: what a token says that names no role.</summary>
    Member = 2,

    /// <summary>A program that speaks for the house.</summary>
    Service = 3,

    /// <summary>May do in every room what its host may.</summary>
    Operator = 6,
}
