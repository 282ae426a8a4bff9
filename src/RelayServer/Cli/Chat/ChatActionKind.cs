namespace RelayServer.Cli.Chat;

/// <summary>What a typed line asks for.</summary>
internal enum ChatActionKind
{
    /// <summary>To be published as it is.</summary>
    Say,

    /// <summary>Nothing: it is a command, but a wrong one.</summary>
    Wrong,

    /// <summary>The list of commands, or what one of them does.</summary>
    Help,

    /// <summary>To leave.</summary>
    Quit,

    /// <summary>Hearts.</summary>
    React,

    /// <summary>How the room is.</summary>
    Status,

    /// <summary>Who is in the room.</summary>
    Members,

    /// <summary>Who is kept away.</summary>
    Restrictions,

    /// <summary>Which rooms there are.</summary>
    Rooms,

    /// <summary>A change of the room.</summary>
    Change,

    /// <summary>To delete somebody's last message.</summary>
    DeleteLast,

    /// <summary>To pin a product card, or change one.</summary>
    Pin,

    /// <summary>To tell of a purchase, and to lower the stock on the card.</summary>
    Sell,

    /// <summary>A line for a service.</summary>
    AskService,

    /// <summary>Which services there are.</summary>
    Services,

    /// <summary>What the room has subscribed to.</summary>
    Subscriptions,

    /// <summary>A subscription of the room is to last longer.</summary>
    Renew,
}
