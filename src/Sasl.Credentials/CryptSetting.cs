namespace Sasl.Credentials;

/// <summary>The part of a crypt(3) hash that says how it was made: kind, cost and salt, without the hash itself.</summary>
static class CryptSetting
{
    const int BcryptLength = 29, BcryptKind = 7, DesLength = 2;

    /// <summary>"$6$salt$hash" gives "$6$salt$"; "" for what no password can match (locked, empty).</summary>
    public static string Of(string hash) => hash switch
    {
        "" => "",
        ['!' or '*', ..] => "",
        ['$', '2', ..] => hash[..Math.Min(hash.Length, BcryptLength)],
        ['$', ..] => hash[..(hash.LastIndexOf('$') + 1)],
        _ => hash[..Math.Min(hash.Length, DesLength)],
    };

    /// <summary>The setting without its salt.</summary>
    public static string KindOf(string setting) => setting switch
    {
        ['$', '2', ..] => setting[..Math.Min(setting.Length, BcryptKind)],
        ['$', ..] => setting[..(setting.TrimEnd('$').LastIndexOf('$') + 1)],
        _ => setting.Length == 0 ? "" : "DES",
    };
}
