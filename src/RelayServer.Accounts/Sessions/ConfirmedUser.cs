namespace RelayServer.Accounts.Sessions;

/// <summary>
/// Who is signed in and shows the refresh token of the sign-in besides: for what takes an account over or away. Access tokens are shown to every
/// edge, refresh tokens to this server alone. Whether it fits, <see cref="SessionService.ConfirmAsync"/> says.
/// </summary>
internal sealed record ConfirmedUser(SignedInUser User, string RefreshToken);
