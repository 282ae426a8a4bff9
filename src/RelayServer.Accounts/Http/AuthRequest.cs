using Microsoft.AspNetCore.Http;
using RelayServer.Accounts.Limits;
using RelayServer.Accounts.Sessions;

namespace RelayServer.Accounts.Http;

/// <summary>A request as the endpoints see it.</summary>
/// <param name="Http">The request itself.</param>
/// <param name="Fields">Its body.</param>
/// <param name="Client">Whom limits count it for.</param>
/// <param name="Item">What follows the endpoint's path, such as a service's name; empty when nothing does.</param>
/// <param name="User">Who is signed in; null at endpoints for everybody.</param>
internal sealed record AuthRequest(HttpContext Http, RequestFields Fields, CountedClient Client, string Item, SignedInUser? User)
{
    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>Who is signed in, at endpoints that ask for it.</summary>
    public SignedInUser SignedIn => User ?? throw new InvalidOperationException("the endpoint does not ask for a sign-in");

    /// <summary>The same with the refresh token of the body.</summary>
    /// <exception cref="AuthException">There is none.</exception>
    public ConfirmedUser Confirmed => new(SignedIn, Fields.Text("refresh_token", AuthLimits.RefreshTokenCharactersMax));
}
