using RelayServer.Fabric;

namespace RelayServer.Master.Services;

/// <summary>How far the updates of one topic have been handed on to those who want them: a place in the topic's log, which is saved.</summary>
internal sealed class TopicCursor(string topic)
{
    /// <summary>What the name of the record begins with in which the place is saved.</summary>
    public const string RecordPrefix = "fanout:";

    /// <summary>The topic, as service.topic.</summary>
    public string Topic { get; } = topic;

    public string RecordName { get; } = RecordPrefix + topic;

    public LogKey Log { get; } = new($"topic:{topic}", 0, 0);

    /// <summary>Epoch of the last update that was handed on.</summary>
    public ulong Epoch { get; set; }

    /// <summary>Its number; 0 before the first.</summary>
    public ulong Seq { get; set; }

    /// <summary>The log has more, or may have.</summary>
    public bool HasMore { get; set; }

    /// <summary>A page of the log is being read.</summary>
    public bool IsReading { get; set; }

    /// <summary>It has its turn when there is room for it in a flush.</summary>
    public bool IsActive { get; set; }

    /// <summary>Updates that were read, in order, the first of them being handed on.</summary>
    public Queue<TopicUpdate> Updates { get; } = new();
}
