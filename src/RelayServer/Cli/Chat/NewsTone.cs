namespace RelayServer.Cli.Chat;

/// <summary>How loud a line about the room is.</summary>
internal enum NewsTone
{
    /// <summary>Something happened.</summary>
    Plain,

    /// <summary>Meant for everybody to see: what is pinned, bought, begun and ended.</summary>
    Loud,

    /// <summary>Of the moment, for who sits at a terminal: who comes and goes, hearts.</summary>
    Passing,
}
