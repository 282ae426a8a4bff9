namespace RelayServer.Protocol;

/// <summary>What an <see cref="EncodedList{T}"/> lists.</summary>
/// <typeparam name="T">The entry itself.</typeparam>
public interface IListEntry<T>
    where T : struct, IListEntry<T>, allows ref struct
{
    /// <summary>Most entries in one list.</summary>
    static abstract int ListCountMax { get; }

    /// <summary>Elements of the array that one entry takes: more than 1 where entries are not arrays of their own.</summary>
    static virtual int ValuesPerEntry => 1;

    /// <summary>Reads one entry; a reader that has failed stays so.</summary>
    static abstract T Read(scoped ref MessagePackReader reader);
}
