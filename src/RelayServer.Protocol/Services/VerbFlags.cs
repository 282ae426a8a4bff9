namespace RelayServer.Protocol;

/// <summary>How a verb is answered, and what it needs.</summary>
[Flags]
public enum VerbFlags : byte
{
    /// <summary>To who asked, and nothing.</summary>
    None = 0,

    /// <summary>The room gets what came of it.</summary>
    AnswersRoom = 1,

    /// <summary>It is about an item.</summary>
    NeedsItem = 2,
}
