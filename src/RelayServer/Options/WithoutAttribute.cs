namespace RelayServer.Options;

/// <summary>On a section: properties of its class that are no settings, because the host fills them in.</summary>
/// <param name="names">The properties.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WithoutAttribute(params string[] names) : Attribute
{
    /// <summary>The properties.</summary>
    public IReadOnlyList<string> Names { get; } = names;
}
