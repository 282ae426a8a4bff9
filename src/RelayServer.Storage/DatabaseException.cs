namespace RelayServer.Storage;

/// <summary>A database did not do what it was asked. The message is for operators and holds no values of rows.</summary>
public sealed class DatabaseException : Exception
{
    /// <summary>Makes one.</summary>
    public DatabaseException(DatabaseFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>What kind of failure it is.</summary>
    public DatabaseFailure Failure { get; }
}
