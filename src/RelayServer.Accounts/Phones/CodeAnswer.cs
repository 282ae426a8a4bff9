namespace RelayServer.Accounts.Phones;

/// <summary>What a request for a code is answered with, whether or not the phone is known.</summary>
internal sealed record CodeAnswer
{
    public required string Challenge { get; init; }

    public required int ExpiresIn { get; init; }

    public required int Digits { get; init; }
}
