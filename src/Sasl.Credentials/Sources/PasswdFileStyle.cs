namespace Sasl.Credentials.Sources;

/// <summary>How strictly a password file is read.</summary>
public sealed class PasswdFileStyle
{
    PasswdFileStyle(string? scheme) => DefaultScheme = scheme;

    /// <summary>What saslauthd takes: a password has to look like one that is stored, an extra field that is not obeyed refuses the line.</summary>
    public static PasswdFileStyle Strict { get; } = new(null);

    /// <summary>What Dovecot takes: a name may stand alone, every extra field is kept, a password without a scheme is of the default one.</summary>
    public static PasswdFileStyle Dovecot(string defaultScheme) => new(defaultScheme);

    /// <summary>Null: a password needs its scheme, or has to be a crypt(3) hash.</summary>
    public string? DefaultScheme { get; }

    public bool IsStrict => DefaultScheme is null;
}
