using System.ComponentModel.DataAnnotations;

namespace RelayServer.Adapters.Subscriptions;

/// <summary>Something to subscribe to; section <c>Adapters:Subscriptions:N:Topics:M</c>.</summary>
public sealed class TopicOptions
{
    /// <summary>Its name: 1–64 characters <c>a-z0-9-</c>, the first a letter.</summary>
    [Required]
    public string Name { get; set; } = "updates";

    /// <summary>What people read.</summary>
    [Required, MaxLength(200)]
    public string Title { get; set; } = "Updates";

    /// <summary>May any subject be chosen, and any category of a feed be one?</summary>
    public bool IsOpen { get; set; } = true;

    /// <summary>The subjects that the menu offers. Where the topic is not open, other categories are passed over.</summary>
    [MaxLength(1000)]
    public IList<string> Subjects { get; set; } = [];
}
