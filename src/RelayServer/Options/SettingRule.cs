using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace RelayServer.Options;

/// <summary>Says in words what a validation rule allows.</summary>
internal static class SettingRule
{
    /// <summary>The rule in words.</summary>
    public static string Describe(ValidationAttribute rule) => rule switch
    {
        RangeAttribute range => string.Create(CultureInfo.InvariantCulture, $"{range.Minimum} to {range.Maximum}"),
        RequiredAttribute => "a value",
        MinLengthAttribute least => $"at least {least.Length}",
        MaxLengthAttribute most => $"at most {most.Length}",
        RegularExpressionAttribute pattern => $"what matches {pattern.Pattern}",
        _ => rule.ErrorMessage ?? rule.GetType().Name,
    };
}
