using Microsoft.AspNetCore.Http;

namespace RelayServer.Accounts;

/// <summary>Why a request is refused: one of a closed set, so that a client can tell them apart.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">Its name for programs.</param>
/// <param name="Message">For people: what is wrong and what to do; no secret and no personal data.</param>
/// <param name="RetryAfterSeconds">When it may be tried again; 0 says nothing about it.</param>
internal sealed record AuthProblem(int Status, string Code, string Message, int RetryAfterSeconds = 0)
{
    public static readonly AuthProblem CodeExpired = new(
        StatusCodes.Status401Unauthorized, "code_expired", "the code was used, has expired or had too many wrong tries; ask for a new one");

    public static readonly AuthProblem WrongCode = new(StatusCodes.Status401Unauthorized, "wrong_code", "the code is wrong");

    public static readonly AuthProblem WrongPassword = new(StatusCodes.Status401Unauthorized, "wrong_password", "the name or the password is wrong");

    public static readonly AuthProblem InvalidToken = new(
        StatusCodes.Status401Unauthorized, "invalid_token", "the access token is not accepted or has expired; refresh it or sign in");

    public static readonly AuthProblem InvalidRefreshToken = new(
        StatusCodes.Status401Unauthorized, "invalid_refresh_token", "this sign-in has ended; sign in again");

    public static readonly AuthProblem RefreshTokenReused = new(
        StatusCodes.Status401Unauthorized, "refresh_token_reused", "this sign-in has been ended, since its refresh token was used twice; sign in again");

    public static readonly AuthProblem IdentityTaken = new(
        StatusCodes.Status409Conflict, "identity_taken", "it belongs to another account; sign in with it and unlink it there first");

    public static readonly AuthProblem NameTaken = new(StatusCodes.Status409Conflict, "name_taken", "the name is taken; choose another");

    public static readonly AuthProblem HandleTaken = new(StatusCodes.Status409Conflict, "handle_taken", "the handle is taken; choose another");

    public static readonly AuthProblem LastIdentity = new(
        StatusCodes.Status409Conflict, "last_identity", "it is the last way to sign in to this account; link another first");

    public static readonly AuthProblem PasswordLinked = new(
        StatusCodes.Status409Conflict, "password_linked", "the account has a name and password already; change the password or unlink it first");

    public static readonly AuthProblem RegistrationClosed = new(
        StatusCodes.Status403Forbidden, "registration_closed", "nobody is known by this, and new accounts are not made here");

    public static readonly AuthProblem ConsentRequired = new(
        StatusCodes.Status403Forbidden, "consent_required", "you have not allowed this service; grant it first");

    public static readonly AuthProblem PhoneOff = new(
        StatusCodes.Status404NotFound, "phone_off", "nobody can sign in by phone here: the operator has set no Auth:CodeWebhook");

    public static readonly AuthProblem NotFound = new(StatusCodes.Status404NotFound, "not_found", "there is no such thing here");

    public static readonly AuthProblem Unavailable = new(
        StatusCodes.Status503ServiceUnavailable, "unavailable", "the accounts cannot be reached at the moment; try again", 2);

    public static readonly AuthProblem Busy = new(StatusCodes.Status503ServiceUnavailable, "busy", "too much is asked at the moment; try again", 2);

    public static readonly AuthProblem NotSent = new(
        StatusCodes.Status503ServiceUnavailable, "code_not_sent", "the code could not be sent at the moment; try again", 30);

    public static readonly AuthProblem Failed = new(
        StatusCodes.Status500InternalServerError, "failed", "something has gone wrong here; try again, and tell the operator when it stays so");

    /// <summary>The request itself is wrong.</summary>
    public static AuthProblem Invalid(string message) => new(StatusCodes.Status400BadRequest, "invalid_request", message);

    /// <summary>Too often.</summary>
    public static AuthProblem TooMany(string message, TimeSpan retryAfter) => new(
        StatusCodes.Status429TooManyRequests, "too_many_attempts", message, Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds)));

    /// <summary>More of something than an account may have.</summary>
    public static AuthProblem TooManyOf(string what, int max) => new(
        StatusCodes.Status409Conflict, "limit_reached", $"an account has at most {max} {what}; remove one first");

    /// <summary>A provider's token is not accepted.</summary>
    public static AuthProblem ProviderRefused(string message) => new(StatusCodes.Status401Unauthorized, "provider_token_refused", message);
}
