namespace RelayServer.Identity;

/// <summary>Decides who a token's holder is.</summary>
public interface ITokenValidator
{
    /// <summary>Validates a token at the present time.</summary>
    ValueTask<TokenResult> ValidateAsync(string token);
}
