namespace RelayServer.Edge.Services;

/// <summary>What a session that is an instance of a service has said of it.</summary>
/// <param name="Accepted">The body of the REGISTER that holds; null before there is one.</param>
/// <param name="Proposed">The body of one that is not answered; null when all are.</param>
/// <param name="Correlation">Of the last one.</param>
/// <param name="Calls">Calls that it was given and has not answered; also those that nobody waits for any more.</param>
internal readonly record struct Registration(byte[]? Accepted, byte[]? Proposed, uint Correlation, int Calls)
{
    /// <summary>What the owner is to be told.</summary>
    public byte[] Body => Proposed ?? Accepted!;
}
