using System.Text.Json;

namespace Sasl.Credentials.OAuth2;

/// <summary>What a token, or the server that was asked about it, says: an object of JSON (RFC 7519 §4, RFC 7662 §2.2). What nobody asks for is ignored.</summary>
public sealed class TokenClaims
{
    /// <summary>Of a text that is used; an IdP's longest is an address or a URL.</summary>
    public const int LongestText = 1024;

    // RFC 7519 §4 lets a reader refuse names that come twice: two readers that choose differently are an attack.
    static readonly JsonDocumentOptions _strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    readonly JsonElement _object;

    TokenClaims(JsonElement value) => _object = value;

    /// <summary>Null when it is no object of JSON, or one with a name twice.</summary>
    public static TokenClaims? TryParse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, _strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? new(document.RootElement.Clone()) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>An object within an object.</summary>
    internal static TokenClaims Of(JsonElement value) => new(value);

    public bool Has(string name) => _object.TryGetProperty(name, out _);

    /// <summary>A text, a number or a truth value as text; null when there is none, when it is something else, or beyond reason.</summary>
    public string? Text(string name) => _object.TryGetProperty(name, out var value) ? Text(value) : null;

    /// <summary>A text that may be as long as a token.</summary>
    internal string? Token(string name) => _object.TryGetProperty(name, out var value) ? Text(value, Jwt.LongestToken) : null;

    /// <summary>The texts of a list, or the one that stands in its place (RFC 7519 §4.1.3).</summary>
    public IReadOnlyList<string> List(string name) => !_object.TryGetProperty(name, out var value) ? []
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(v => Text(v)).OfType<string>()]
        : Text(value) is { } only ? [only] : [];

    /// <summary>A NumericDate (RFC 7519 §2): null when there is none; false when there is something else, or a time that no calendar has.</summary>
    public bool TryTime(string name, out DateTimeOffset? time)
    {
        time = null;
        if (!_object.TryGetProperty(name, out var value))
            return true;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var seconds) || !(seconds is >= 0 and < 253402300800))
            return false;
        time = DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        return true;
    }

    /// <summary>A value of JSON that is no text.</summary>
    internal JsonElement? Element(string name) => _object.TryGetProperty(name, out var value) ? value : null;

    static string? Text(JsonElement value, int longest = LongestText)
    {
        try
        {
            var text = value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                JsonValueKind.True => "true",
                JsonValueKind.False => "false",
                _ => null,
            };
            return text?.Length <= longest ? text : null;
        }
        catch (InvalidOperationException)
        {
            // An escape that is half a character.
            return null;
        }
    }
}
