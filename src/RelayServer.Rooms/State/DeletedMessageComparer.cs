namespace RelayServer.Rooms;

/// <summary>Finds deleted messages by names off the wire without allocating. The hash is keyed per process: clients choose its inputs.</summary>
internal sealed class DeletedMessageComparer : IEqualityComparer<DeletedMessage>, IAlternateEqualityComparer<DeletedMessageName, DeletedMessage>
{
    public bool Equals(DeletedMessage x, DeletedMessage y) => Equals(Name(x), y);

    public int GetHashCode(DeletedMessage obj) => GetHashCode(Name(obj));

    public bool Equals(DeletedMessageName alternate, DeletedMessage other) =>
        alternate.Number == other.Number && alternate.ProducerId == other.ProducerId && alternate.User.SequenceEqual(other.User);

    // Who wrote it need not be hashed: hardly ever do two have the same producer id.
    public int GetHashCode(DeletedMessageName alternate) => HashCode.Combine(alternate.ProducerId, alternate.Number);

    public DeletedMessage Create(DeletedMessageName alternate) => new(alternate.User.ToArray(), alternate.ProducerId, alternate.Number);

    private static DeletedMessageName Name(DeletedMessage message) => new(message.User, message.ProducerId, message.Number);
}
