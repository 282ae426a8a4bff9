namespace RelayServer.Cli.Demo;

/// <summary>What somebody does in a demonstration.</summary>
internal enum DemoStepKind
{
    /// <summary>Comes in.</summary>
    Join,

    /// <summary>Goes.</summary>
    Leave,

    /// <summary>Says something.</summary>
    Say,

    /// <summary>Sends hearts.</summary>
    React,

    /// <summary>Changes the room.</summary>
    Change,

    /// <summary>Deletes the last message of somebody.</summary>
    DeleteLast,
}
