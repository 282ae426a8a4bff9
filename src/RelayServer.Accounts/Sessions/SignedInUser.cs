namespace RelayServer.Accounts.Sessions;

/// <summary>Who an access token says that a request comes from. Whether the sign-in still stands, the database says.</summary>
internal sealed record SignedInUser(string UserId, string SessionId);
