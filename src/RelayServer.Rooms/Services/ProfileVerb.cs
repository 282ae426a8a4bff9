using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>What a service can be asked to do.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">For people.</param>
/// <param name="Flags">How it is answered, and what it needs.</param>
/// <param name="DeadlineMilliseconds">How long it may take.</param>
/// <param name="Parameters">In their order.</param>
public sealed record ProfileVerb(string Name, string Summary, VerbFlags Flags, uint DeadlineMilliseconds, IReadOnlyList<ProfileParameter> Parameters)
{
    /// <summary>The room gets what came of it.</summary>
    public bool AnswersRoom => Flags.HasFlag(VerbFlags.AnswersRoom);

    /// <summary>It is about an item.</summary>
    public bool NeedsItem => Flags.HasFlag(VerbFlags.NeedsItem);

    /// <summary>How it is written, such as <c>comment #ITEM TEXT</c>.</summary>
    public string Usage => string.Join(' ', Parameters.Select(Form).Prepend(NeedsItem ? $"{Name} #ITEM" : Name));

    private static string Form(ProfileParameter parameter)
    {
        string name = parameter.Name.ToUpperInvariant() + (parameter.Kind == ParameterKind.Rest ? "…" : "");
        return parameter.IsOptional ? $"[{name}]" : name;
    }
}
