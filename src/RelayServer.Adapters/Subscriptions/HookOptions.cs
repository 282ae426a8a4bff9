using System.ComponentModel.DataAnnotations;

namespace RelayServer.Adapters.Subscriptions;

/// <summary>A signed webhook; section <c>Adapters:Subscriptions:N:Hooks:M</c>.</summary>
public sealed class HookOptions
{
    /// <summary>The last part of its address, <c>/hooks/NAME</c>: 1–64 characters <c>a-z0-9-</c>; each name once in a process.</summary>
    [Required]
    public string Name { get; set; } = "hook";

    /// <summary>A file for the owner alone with a secret a line, at least 32 characters each; every one is good, so that they can be changed one by one.</summary>
    [Required]
    public string SecretFile { get; set; } = "hook.secret";

    /// <summary>The topic that its updates belong to; none takes the first.</summary>
    public string? Topic { get; set; }

    /// <summary>Subjects of all of its updates, beside those that are posted.</summary>
    [MaxLength(8)]
    public IList<string> Subjects { get; set; } = [];

    /// <summary>How far a post's time may be off, in seconds.</summary>
    [Range(1, 3600)]
    public int WindowSeconds { get; set; } = 300;

    /// <summary>Posts in a minute, and at once after a quiet time; more are told to come later.</summary>
    [Range(1, 60_000)]
    public int PostsPerMinuteMax { get; set; } = 60;
}
