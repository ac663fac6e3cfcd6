using System.Text;

namespace Sasl.Credentials.Sources;

/// <summary>
/// How a login becomes a principal. What separates parts of a principal's name means in a login what it says, once, or the login is refused: nobody
/// becomes another principal than he typed, by a second '@', an escape or an instance.
/// </summary>
/// <param name="Instance">Which every user of the service has; empty: as typed.</param>
/// <param name="IsDotSlash">The first dot is a slash.</param>
/// <param name="IsRealmUpperCase">The realm of the login is a domain.</param>
sealed record KerberosLogin(string Instance, bool IsDotSlash, bool IsRealmUpperCase)
{
    const int LongestName = 2048;

    /// <summary>"user[/instance]" and its realm ("" for the default one), or null for a login that is no principal.</summary>
    public (string User, string Realm)? Principal(string login, string realm)
    {
        var user = login;
        if (login.LastIndexOf('@') is var at and >= 0)
        {
            // With -r the realm stands in the login too: it is one realm and not two.
            (user, var own) = (login[..at], login[(at + 1)..]);
            if (own.Length == 0 || (realm.Length > 0 && !string.Equals(own, realm, StringComparison.OrdinalIgnoreCase)))
                return null;
            realm = realm.Length > 0 ? realm : own;
        }
        if (IsDotSlash && user.IndexOf('.') is var dot and >= 0)
            user = $"{user[..dot]}/{user[(dot + 1)..]}";
        var parts = user.Split('/');
        if (parts.Length > 2 || !Array.TrueForAll(parts, IsPart) || (realm.Length > 0 && (!IsPart(realm) || realm.Contains('/'))))
            return null;
        if (Instance.Length > 0 && parts.Length == 2 && parts[1] != Instance)
            return null;
        user = Instance.Length > 0 ? $"{parts[0]}/{Instance}" : user;
        realm = IsRealmUpperCase ? realm.ToUpperInvariant() : realm;
        return Encoding.UTF8.GetByteCount(user) + Encoding.UTF8.GetByteCount(realm) < LongestName ? (user, realm) : null;
    }

    static bool IsPart(string text) => text.Length > 0 && text.AsSpan().IndexOfAny('@', '\\') < 0 && !text.Any(char.IsControl);
}
