namespace RelayServer.Edge.Rooms;

/// <summary>What all feeds of an edge may keep together while their holes are being filled, in bytes.</summary>
internal sealed class ParkedBudget(int bytesMax)
{
    public int UsedBytes { get; private set; }

    /// <summary>Takes so many; false, and nothing taken, when there are not as many left.</summary>
    public bool TryTake(int bytes)
    {
        if (bytes > bytesMax - UsedBytes)
        {
            return false;
        }

        UsedBytes += bytes;
        return true;
    }

    public void Give(int bytes) => UsedBytes -= bytes;
}
