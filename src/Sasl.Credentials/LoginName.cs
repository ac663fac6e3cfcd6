namespace Sasl.Credentials;

/// <summary>A login and its realm, as libsasl takes them apart.</summary>
public readonly record struct LoginName(string User, string Realm)
{
    /// <summary>The realm given, or what stands after the last '@' of the login when none was given.</summary>
    public static LoginName From(string user, string realm)
    {
        var at = user.LastIndexOf('@');
        return realm.Length > 0 || at < 0 ? new(user, realm) : new(user[..at], user[(at + 1)..]);
    }
}
