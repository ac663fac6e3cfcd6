using System.Globalization;
using System.Text.RegularExpressions;
using AuthServer.Logins;
using Sasl.Credentials.Sql;

namespace AuthServer.Passdb.Drivers;

/// <summary>
/// password_update_query: puts other forms of a password in the place of those that were stored. Beside the usual variables it has %{new_password},
/// %{new_password_2}, … and %{old_password}, …, which the query has to compare with.
/// </summary>
sealed partial class SqlUpdate
{
    const int MostForms = 9;

    /// <summary>Of each value: what it is read from.</summary>
    readonly List<Func<LoginFacts, IReadOnlyList<string>, IReadOnlyList<string>, string?>> _values = [];

    SqlUpdate(string text, SqlDialect dialect)
    {
        var pieces = new List<SqlPiece>();
        var at = 0;
        var comparesOld = false;
        foreach (Match match in Forms().Matches(text))
        {
            Usual(text[at..match.Index], pieces);
            at = match.Index + match.Length;
            var number = match.Groups[2].Success ? int.Parse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 1;
            if (number is < 1 or > MostForms)
                throw new FormatException($"password_update_query: {match.Value}: not 1 to {MostForms}");
            pieces.Add(SqlPiece.Of(_values.Count));
            if (match.Groups[1].ValueSpan is "old")
                _values.Add((_, old, _) => number <= old.Count ? old[number - 1] : null);
            else
                _values.Add((_, _, fresh) => number <= fresh.Count ? fresh[number - 1] : null);
            comparesOld |= match.Groups[1].ValueSpan is "old";
            Places = Math.Max(Places, match.Groups[1].ValueSpan is "new" ? number : 0);
        }
        Usual(text[at..], pieces);
        if (Places == 0 || !comparesOld)
            throw new FormatException("password_update_query: it has to set %{new_password} and to compare with %{old_password}");
        Statement = SqlQuery.Parse("password_update_query", pieces, dialect, isConfidential: true);
    }

    public SqlStatement Statement { get; }

    int Places { get; }

    /// <exception cref="FormatException">It is no query, or would overwrite what another has set meanwhile.</exception>
    public static SqlUpdate Parse(string text, SqlDialect dialect) => new(text, dialect);

    /// <summary>Whether there is a place for so many forms: with fewer, something would be lost.</summary>
    public bool Holds(int forms) => forms <= Places;

    /// <param name="old">As the table spells them.</param>
    public string?[] Bind(LoginFacts login, IReadOnlyList<string> old, IReadOnlyList<string> fresh) => Statement.Bind(number => _values[number](login, old, fresh));

    void Usual(string text, List<SqlPiece> pieces)
    {
        if (LoginTemplate.TryParse(text, out var problem) is not { } template)
            throw new FormatException($"password_update_query: {problem}");
        foreach (var part in template.Parts)
        {
            if (part.Literal is { } literal)
                pieces.Add(SqlPiece.Of(literal));
            else
            {
                pieces.Add(SqlPiece.Of(_values.Count));
                _values.Add((login, _, _) => part.Value(login));
            }
        }
    }

    [GeneratedRegex(@"%\{\s*(new|old)_password(?:_([0-9]{1,4}))?\s*\}")]
    private static partial Regex Forms();
}
