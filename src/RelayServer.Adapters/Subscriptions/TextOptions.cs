using System.ComponentModel.DataAnnotations;

namespace RelayServer.Adapters.Subscriptions;

/// <summary>A text of a service in another language; section <c>Adapters:Subscriptions:N:Texts:M</c>. The verbs' are there in German already.</summary>
public sealed class TextOptions
{
    /// <summary>The language.</summary>
    [Required]
    public string Locale { get; set; } = "de";

    /// <summary>Which text: <c>title</c>, <c>description</c>, <c>verb.NAME</c> or <c>topic.NAME</c>.</summary>
    [Required]
    public string Key { get; set; } = "title";

    /// <summary>What people read.</summary>
    [MaxLength(4000)]
    public string Text { get; set; } = string.Empty;
}
