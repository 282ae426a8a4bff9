namespace RelayServer.Client.Services;

/// <summary>A title or summary of a service in another language.</summary>
/// <param name="Locale">The language, such as <c>de</c> or <c>pt-br</c>; lower case.</param>
/// <param name="Key">Which one: <c>title</c>, <c>description</c>, <c>verb.NAME</c> or <c>topic.NAME</c>.</param>
/// <param name="Text">What people read there; limited like the text that it replaces.</param>
public sealed record ServiceText(string Locale, string Key, string Text);
