using RelayServer.Client.Services;

namespace RelayServer.Cli.Services;

/// <summary>A card that was shown in this window.</summary>
/// <param name="Number">Its number here, from 1; that of the same item before.</param>
/// <param name="Service">Whose item it is.</param>
/// <param name="Card">The card.</param>
internal sealed record ShownCard(int Number, string Service, ServiceCard Card);
