// Invariant: one login's facts are changed by one task at a time and belong to one request: nothing of one user can reach another's.
using AuthServer.Defence;
using Sasl.Credentials;

namespace AuthServer.Logins;

/// <summary>All that is known of one login, or of one look-up: what its databases are asked with and what they have said so far.</summary>
sealed class LoginFacts(string givenName, string user, LoginOrigin origin)
{
    /// <summary>The name as the client spelled it.</summary>
    public string GivenName => givenName;

    /// <summary>The name that databases know. A passdb may change it.</summary>
    public string User { get; set; } = user;

    /// <summary>Who has proven himself, when he acts as somebody else; else null.</summary>
    public string? MasterUser { get; set; }

    public LoginOrigin Origin => origin;

    /// <summary>What the passdbs have said. "userdb_…" are for the userdb prefetch.</summary>
    public FieldList Fields { get; } = new();

    /// <summary>What the userdbs have said.</summary>
    public FieldList UserFields { get; } = new();

    /// <summary>The passdb that decided; "" before that.</summary>
    public string Source { get; set; } = "";

    /// <summary>UTF-8, while a password is being verified; else empty. Never copied.</summary>
    public ReadOnlyMemory<byte> Password { get; set; }

    /// <summary>What the defence holds for this login until it is decided.</summary>
    public Reservation? Reservation { get; set; }

    /// <summary>The passdb and the reason of the last refusal; null when none has refused.</summary>
    public (string Source, string Reason, bool IsVerbose)? Refusal { get; set; }

    /// <summary>Where the steps are told, when somebody wants to know why; else null.</summary>
    public Explanation? Explanation { get; init; }

    /// <summary>What shall be stored better when the client has its answer; else null. Whoever takes it disposes it.</summary>
    public AuthServer.Passdb.PasswordUpgrade? Upgrade { get; set; }

    /// <summary>For the log: user,address,&lt;session&gt;.</summary>
    public string Who => origin.Who(User);
}
