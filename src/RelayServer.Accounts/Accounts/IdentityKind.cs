namespace RelayServer.Accounts.Accounts;

/// <summary>Ways to sign in, as they are called in the database and in answers.</summary>
internal static class IdentityKind
{
    public const string Phone = "phone";
    public const string Password = "password";
    public const string Provider = "provider";
}
