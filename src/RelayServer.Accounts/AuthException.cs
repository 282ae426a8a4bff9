namespace RelayServer.Accounts;

/// <summary>A request is refused.</summary>
internal sealed class AuthException(AuthProblem problem) : Exception(problem.Message)
{
    public AuthProblem Problem { get; } = problem;
}
