namespace Sasl.Credentials.Sql;

/// <summary>A piece of a query: text as the administrator wrote it, or the number of a value that is known when somebody logs in.</summary>
/// <param name="Text">Null for a value.</param>
public readonly record struct SqlPiece(string? Text, int Value)
{
    public static SqlPiece Of(string text) => new(text, -1);

    public static SqlPiece Of(int value) => new(null, value);
}
