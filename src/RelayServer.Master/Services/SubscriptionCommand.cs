using System.Net;
using RelayServer.Rooms;

namespace RelayServer.Master.Services;

/// <summary>A command that subscribes, or ends that.</summary>
/// <param name="Asker">Who waits for the answer.</param>
/// <param name="Name">Its name.</param>
/// <param name="User">Who gave it.</param>
/// <param name="TokenRole">What his token says.</param>
/// <param name="ClientAddress">Where he connects from; null when it is not known.</param>
/// <param name="Channel">The room that it was said in; empty: his inbox is meant.</param>
/// <param name="Service">Whose topic it is.</param>
/// <param name="Verb">As it was written.</param>
/// <param name="Control">What is to be done.</param>
internal readonly record struct SubscriptionCommand(
    CommandAsker Asker, CommandName Name, byte[] User, Role TokenRole, IPAddress? ClientAddress, byte[] Channel, string Service, string Verb, RoomControl Control);
