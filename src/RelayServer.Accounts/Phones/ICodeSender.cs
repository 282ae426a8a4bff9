namespace RelayServer.Accounts.Phones;

/// <summary>Sends one-time codes.</summary>
internal interface ICodeSender
{
    /// <summary>Sends a code. Takes as long for one phone as for another, as far as it can.</summary>
    /// <param name="phone">Where to, in E.164.</param>
    /// <param name="code">The code.</param>
    /// <param name="lifetime">How long it is good.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False when it could not be sent.</returns>
    Task<bool> SendAsync(string phone, string code, TimeSpan lifetime, CancellationToken cancellationToken);
}
