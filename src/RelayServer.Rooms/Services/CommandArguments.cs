using System.Globalization;
using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>Holds the arguments of a command against the parameters of its verb.</summary>
public static class CommandArguments
{
    /// <summary>The arguments in the rest of a command line.</summary>
    /// <returns>What is wrong, for people; null when nothing is.</returns>
    public static string? Read(ProfileVerb verb, string rest, out List<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(verb);
        bool takesRest = verb.Parameters is [.., { Kind: ParameterKind.Rest }];
        int wordsMax = takesRest ? verb.Parameters.Count : int.MaxValue;
        return CommandWords.Split(rest, wordsMax, out arguments) ?? Check(verb, arguments);
    }

    /// <summary>What is wrong with these arguments, for people; null when nothing is.</summary>
    public static string? Check(ProfileVerb verb, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(verb);
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments.Count > verb.Parameters.Count)
        {
            return $"\"{arguments[verb.Parameters.Count]}\" is too much; put an argument of several words in quotation marks";
        }

        for (int i = 0; i < verb.Parameters.Count; i++)
        {
            ProfileParameter parameter = verb.Parameters[i];
            string? problem = i < arguments.Count ? FindProblem(parameter, arguments[i]) : parameter.IsOptional ? null : "is missing";
            if (problem is not null)
            {
                return parameter.Summary.Length > 0 ? $"{parameter.Name} {problem} ({parameter.Summary})" : $"{parameter.Name} {problem}";
            }
        }

        return null;
    }

    /// <summary>The room that an argument names, in place of the one in which the command was said; null when none does.</summary>
    public static string? FindRoom(ProfileVerb verb, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(verb);
        ArgumentNullException.ThrowIfNull(arguments);
        for (int i = 0; i < arguments.Count; i++)
        {
            if (verb.Parameters[i].Kind == ParameterKind.Room)
            {
                return arguments[i];
            }
        }

        return null;
    }

    private static string? FindProblem(ProfileParameter parameter, string argument) => parameter.Kind switch
    {
        _ when Encoding.UTF8.GetByteCount(argument) > ProtocolLimits.ArgumentBytesMax => $"is longer than {ProtocolLimits.ArgumentBytesMax} bytes",
        ParameterKind.Number when !long.TryParse(argument, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) || argument.StartsWith('+') => "is not a whole number",
        ParameterKind.Room when !ChannelName.IsValid(argument) => "cannot name a room",
        _ => null,
    };
}
