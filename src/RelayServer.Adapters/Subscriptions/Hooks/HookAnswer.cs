namespace RelayServer.Adapters.Subscriptions.Hooks;

/// <summary>What a post is answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The same in a word, for programs: <c>status</c> of what was taken, <c>error</c> of what was not.</param>
/// <param name="Text">The same for people; with 200 and 202 the item.</param>
/// <param name="RetryAfterSeconds">When to try again; 0 when it does not help.</param>
internal sealed record HookAnswer(int Status, string Code, string Text, int RetryAfterSeconds = 0)
{
    /// <summary>True when the item is kept.</summary>
    public bool IsTaken => Status is 200 or 202;
}
