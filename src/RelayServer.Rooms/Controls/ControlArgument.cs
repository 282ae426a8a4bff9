using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>An argument of a control: its name in the specification, and what it may be, so that every refusal says both.</summary>
/// <param name="Name">As the specification calls it.</param>
/// <param name="Form">What it may be, as the end of "must be …".</param>
internal sealed record ControlArgument(string Name, string Form)
{
    private bool _hasLines;

    public ulong Minimum { get; private init; }

    public ulong Maximum { get; private init; } = ulong.MaxValue;

    /// <summary>A number; of a text, its length in bytes.</summary>
    public static ControlArgument Number(string name, ulong minimum, ulong maximum) =>
        new(name, $"{minimum} to {maximum}") { Minimum = minimum, Maximum = maximum };

    public static ControlArgument Text(string name, int bytesMin, int bytesMax, bool lines = false)
    {
        (ulong minimum, ulong maximum) = ((ulong)bytesMin, (ulong)bytesMax);
        return new(name, ControlText.Form(minimum, maximum, lines)) { Minimum = minimum, Maximum = maximum, _hasLines = lines };
    }

    public ControlRefusal? Check(ControlVerb verb, ulong value) => value >= Minimum && value <= Maximum ? null : Refuse(verb);

    public ControlRefusal? Check(ControlVerb verb, string text) => ControlText.Fits(text, Minimum, Maximum, _hasLines) ? null : Refuse(verb);

    public ControlRefusal Refuse(ControlVerb verb) => Refuse(verb, $"must be {Form}");

    public ControlRefusal RefuseMissing(ControlVerb verb) => Refuse(verb, $"is missing; it must be {Form}");

    public ControlRefusal Refuse(ControlVerb verb, string problem) => new(ErrorCode.BadArgument, $"{verb.Name()}: {Name} {problem}");
}
