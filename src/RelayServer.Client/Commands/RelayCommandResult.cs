using System.Text;
using RelayServer.Client.Services;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>What came of a command.</summary>
/// <param name="Service">Who did it.</param>
/// <param name="Verb">What was done.</param>
/// <param name="Text">For people; empty when the room was told, or when the card says all.</param>
/// <param name="Card">An item to show with it; null when there is none.</param>
public sealed record RelayCommandResult(string Service, string Verb, string Text, ServiceCard? Card)
{
    internal static RelayCommandResult From(in ResultBody body) => new(
        Encoding.UTF8.GetString(body.Service),
        Encoding.UTF8.GetString(body.Verb),
        Encoding.UTF8.GetString(body.Text),
        body.HasCard ? CardEncoding.Read(body.Card) : null);
}
