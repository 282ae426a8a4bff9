using RelayServer.Master.Channels;

namespace RelayServer.Master.Services;

/// <summary>An update as the topic's log has it.</summary>
/// <param name="Epoch">Of its entry.</param>
/// <param name="Seq">Its place.</param>
/// <param name="AtMilliseconds">When it was logged.</param>
/// <param name="From">Who sent it.</param>
/// <param name="ProducerId">With the number its name for ever.</param>
/// <param name="Number">With the producer id its name for ever.</param>
/// <param name="Payload">As it was sent.</param>
/// <param name="Subjects">What it is about.</param>
internal sealed record TopicUpdate(
    ulong Epoch, ulong Seq, ulong AtMilliseconds, byte[] From, ulong ProducerId, ulong Number, byte[] Payload, IReadOnlyList<string> Subjects)
{
    /// <summary>Those who may want it, once they have been looked up; by their numbers in the index.</summary>
    public int[]? Receivers { get; set; }

    /// <summary>Gives it to one of them.</summary>
    public Action<ChannelState?, ulong>? Give { get; set; }

    /// <summary>The next of the receivers.</summary>
    public int Next { get; set; }

    /// <summary>Receivers whose logs are being read.</summary>
    public int Opening { get; set; }
}
