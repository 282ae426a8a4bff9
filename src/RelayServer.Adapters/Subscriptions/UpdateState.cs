namespace RelayServer.Adapters.Subscriptions;

/// <summary>Where an update is on its way.</summary>
public enum UpdateState
{
    /// <summary>The relay has it.</summary>
    Sent,

    /// <summary>The relay refuses it, and it was dropped.</summary>
    Refused,

    /// <summary>It waits, and a process has the turn to send it.</summary>
    InHand,

    /// <summary>It waits, and no process has the turn to send it.</summary>
    Waiting,
}
