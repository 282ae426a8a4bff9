namespace RelayServer.Master.Channels;

/// <summary>Consecutive message numbers of one producer at consecutive places of one epoch's log.</summary>
internal struct NumberRun
{
    public ulong FirstNumber;
    public ulong FirstSeq;
    public ulong Epoch;
    public uint Count;

    public readonly ulong LastNumber => FirstNumber + Count - 1;

    public readonly ulong LastSeq => FirstSeq + Count - 1;
}
