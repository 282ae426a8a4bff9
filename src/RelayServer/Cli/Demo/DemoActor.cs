using RelayServer.Identity;

namespace RelayServer.Cli.Demo;

/// <summary>Somebody in a demonstration.</summary>
/// <param name="User">User id.</param>
/// <param name="Role">What the token says.</param>
/// <param name="Edge">Where they connect: the index of an edge, to be taken modulo how many there are.</param>
internal sealed record DemoActor(string User, TokenRole Role, int Edge);
