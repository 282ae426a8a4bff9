namespace RelayServer.Accounts;

/// <summary>What a transaction decided: a value, or a refusal after which the transaction is kept nevertheless.</summary>
internal readonly record struct Decision<T>(T? Value, AuthProblem? Problem)
{
    public static implicit operator Decision<T>(T value) => new(value, null);

    public static implicit operator Decision<T>(AuthProblem problem) => new(default, problem);
}
