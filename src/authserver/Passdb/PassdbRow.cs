namespace AuthServer.Passdb;

enum PassdbKind
{
    /// <summary>The user is there; after a verification: and the password or token is right.</summary>
    Found,

    Unknown,

    Mismatch,

    /// <summary>The password was right but the account may not be used now.</summary>
    Disabled,

    /// <summary>The password was right but is too old.</summary>
    Expired,

    /// <summary>The database could not be asked.</summary>
    Failed,
}

/// <summary>What a passdb says. Not printed: it may hold secrets.</summary>
/// <param name="Reason">For the log only; never a secret.</param>
sealed class PassdbRow(PassdbKind kind, string reason)
{
    public PassdbKind Kind => kind;

    public string Reason => reason;

    /// <summary>The stored passwords, each "{SCHEME}text" (never without braces: the driver knows its default); one of them is enough.</summary>
    public IReadOnlyList<string> Passwords { get; init; } = [];

    /// <summary>
    /// The extra fields: user, allow_nets, nologin, nopassword, userdb_…, with Dovecot's suffixes ":default" and ":remove". Never the password.
    /// </summary>
    public IReadOnlyList<(string Name, string Value)> Fields { get; init; } = [];

    public static PassdbRow Found(params (string Name, string Value)[] fields) => new(PassdbKind.Found, "") { Fields = fields };

    public static PassdbRow Unknown { get; } = new(PassdbKind.Unknown, "unknown user");

    public static PassdbRow Mismatch { get; } = new(PassdbKind.Mismatch, "Password mismatch");

    public static PassdbRow Failed(string reason) => new(PassdbKind.Failed, reason);

    /// <summary>More is asked than there is time for.</summary>
    public static PassdbRow Overloaded { get; } = Failed("too many look-ups are waiting");

    public string? this[string name]
    {
        get
        {
            for (var i = Fields.Count - 1; i >= 0; i--)
            {
                if (Fields[i].Name == name)
                    return Fields[i].Value;
            }
            return null;
        }
    }
}
