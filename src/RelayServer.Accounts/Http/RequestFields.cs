using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RelayServer.Guards;

namespace RelayServer.Accounts.Http;

/// <summary>The body of a request: one JSON object of texts and flags, whose names are all known and there once.</summary>
internal sealed class RequestFields : IDisposable
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = AuthLimits.DepthMax, AllowDuplicateProperties = false };

    private readonly JsonDocument? _document;
    private readonly HashSet<string> _asked = [];

    private RequestFields(JsonDocument? document) => _document = document;

    /// <summary>Reads the body.</summary>
    /// <exception cref="AuthException">It is not what is expected.</exception>
    public static async Task<RequestFields> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is 0 || (request.ContentLength is null && request.ContentType is null))
        {
            return new RequestFields(null);
        }

        if (!request.HasJsonContentType())
        {
            throw new AuthException(new AuthProblem(
                StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "the body must be application/json"));
        }

        try
        {
            JsonDocument document = await JsonDocument.ParseAsync(request.Body, Strict, cancellationToken);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return new RequestFields(document);
            }

            document.Dispose();
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Syntax, depth, a name twice, or one that is no text. Said below; the parser's own words may hold parts of a secret.
        }
        catch (BadHttpRequestException large) when (large.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new AuthException(new AuthProblem(
                StatusCodes.Status413PayloadTooLarge, "too_large", $"the body is larger than {AuthLimits.BodyBytesMax} bytes"));
        }

        throw new AuthException(AuthProblem.Invalid("the body is no JSON object, is too deep, or names something twice"));
    }

    /// <summary>A text that must be there.</summary>
    /// <exception cref="AuthException">It is not, or it is too long.</exception>
    public string Text(string name, int charactersMax) =>
        OptionalText(name, charactersMax) ?? throw new AuthException(AuthProblem.Invalid($"{name}: is needed"));

    /// <summary>A text that may be there, or be null.</summary>
    /// <exception cref="AuthException">It is no text, or it is too long.</exception>
    public string? OptionalText(string name, int charactersMax)
    {
        if (!TryGet(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        string? text = JsonText.Read(value);
        return text is not null && text.Length > 0 && text.Length <= charactersMax
            ? text
            : throw new AuthException(AuthProblem.Invalid($"{name}: must be a text of 1 to {charactersMax} characters"));
    }

    /// <summary>A flag that may be there.</summary>
    /// <exception cref="AuthException">It is no flag.</exception>
    public bool Flag(string name) => TryGet(name, out JsonElement value) && (value.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? value.ValueKind == JsonValueKind.True
        : throw new AuthException(AuthProblem.Invalid($"{name}: must be true or false")));

    /// <summary>Refuses what nobody asked for.</summary>
    /// <exception cref="AuthException">There is something.</exception>
    public void CheckAllRead()
    {
        if (_document?.RootElement.EnumerateObject().Any(property => !_asked.Contains(property.Name)) == true)
        {
            throw new AuthException(AuthProblem.Invalid($"there is a name that is not known; known here: {string.Join(", ", _asked)}"));
        }
    }

    public void Dispose() => _document?.Dispose();

    private bool TryGet(string name, out JsonElement value)
    {
        _asked.Add(name);
        value = default;
        return _document is not null && _document.RootElement.TryGetProperty(name, out value);
    }
}
