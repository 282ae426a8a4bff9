namespace RelayServer.Storage;

/// <summary>Why a <see cref="DatabaseException"/> was thrown.</summary>
public enum DatabaseFailure
{
    /// <summary>The program asked for something that the database does not do.</summary>
    Failed,

    /// <summary>It cannot be reached, is busy or full; later may be better. A write may have been done nevertheless.</summary>
    Unavailable,

    /// <summary>A row with this key is there already; nothing of the write was done.</summary>
    Duplicate,

    /// <summary>The options make no sense.</summary>
    Options,

    /// <summary>Its tables are those of a newer program, or not those that this one made.</summary>
    Schema,
}
