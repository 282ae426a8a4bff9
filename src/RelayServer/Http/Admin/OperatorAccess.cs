using System.Net;
using Microsoft.AspNetCore.Http;
using RelayServer.Edge;
using RelayServer.Identity;
using RelayServer.Options;
using RelayServer.Protocol;

namespace RelayServer.Http.Admin;

/// <summary>
/// Who may look after rooms: the bearer of a token of this relay with the role operator. Nobody else, also not on the
/// loopback, where every user of the machine is. The listener has no TLS, so a token that came over a network is refused
/// unless the settings say that something in front has.
/// </summary>
internal sealed class OperatorAccess(HttpOptions options, ITokenValidator tokens)
{
    /// <summary>The operator's user id, or why there is none.</summary>
    public async ValueTask<(string User, AdminReply? Refusal)> CheckAsync(HttpContext context)
    {
        if (!options.RemoteAdmin && !(context.Connection.RemoteIpAddress is { } peer && IPAddress.IsLoopback(peer)))
        {
            return (string.Empty, AdminReply.Refused(new AdminAnswer(
                ErrorCode.Forbidden, "rooms are looked after from this machine only; Http:RemoteAdmin=true changes that, behind a proxy with TLS")));
        }

        if (!BearerToken.TryRead(context.Request.Headers.Authorization, out string token))
        {
            return (string.Empty, AdminReply.Unauthorized(
                ErrorCode.TokenInvalid, "send a token with the role operator: relay token --user NAME --role operator", hasToken: false));
        }

        TokenResult result = await tokens.ValidateAsync(token);
        return result switch
        {
            { Status: TokenStatus.Valid, Role: TokenRole.Operator } => (result.UserId, null),
            { Status: TokenStatus.Valid } => (string.Empty, AdminReply.Refused(new AdminAnswer(ErrorCode.Forbidden, "the token's role is not operator"))),
            { Status: TokenStatus.Expired } => Invalid(ErrorCode.TokenExpired, "the token has expired; get a new one"),
            { Status: TokenStatus.Revoked } => Invalid(ErrorCode.TokenRevoked, "the token was revoked"),
            _ => Invalid(ErrorCode.TokenInvalid, "the token is not accepted"),
        };
    }

    private static (string User, AdminReply Refusal) Invalid(ErrorCode code, string text) =>
        (string.Empty, AdminReply.Unauthorized(code, text, hasToken: true));
}
