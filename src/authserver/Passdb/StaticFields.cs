namespace AuthServer.Passdb;

/// <summary>The fields of a static block: "name=value name" in args, and what the block itself sets of the driver's own.</summary>
static class StaticFields
{
    public static IEnumerable<(string Name, string Value)> Of(DatabaseContext context, params ReadOnlySpan<string> own)
    {
        var fields = new List<(string, string)>();
        foreach (var name in own)
        {
            if (context.Block[name] is { Length: > 0 } value)
                fields.Add((name, value));
        }
        foreach (var word in context.Words)
            fields.Add(word.IndexOf('=') is var equals and >= 0 ? (word[..equals], word[(equals + 1)..]) : (word, "yes"));
        return fields;
    }
}
