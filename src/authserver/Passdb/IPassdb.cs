using AuthServer.Logins;
using Sasl.Credentials;

namespace AuthServer.Passdb;

/// <summary>What can be asked of a passdb.</summary>
[Flags]
enum PassdbAbilities
{
    None = 0,

    /// <summary>Only whether a password is right (PAM, an LDAP bind): <see cref="IPassdb.VerifyAsync"/>.</summary>
    Passwords = 1,

    /// <summary>What is stored of a user: <see cref="IPassdb.FindAsync"/>. Every mechanism with a password can be served by it.</summary>
    Secrets = 2,

    /// <summary>Bearer tokens: <see cref="IPassdb.ValidateAsync"/>.</summary>
    Tokens = 4,

    /// <summary>Whether a user exists, by <see cref="IPassdb.FindAsync"/>, though nothing of his secrets.</summary>
    Names = 8,
}

/// <summary>
/// A database that says who may log in. Each method answers with a row and never throws for a user who is not there, a wrong password or a server that
/// is down; only OperationCanceledException leaves it. It does not block: what blocks runs on the workers that it was given. It keeps nothing of one
/// login for another.
/// </summary>
interface IPassdb
{
    /// <summary>As dovecot.conf and the log spell it.</summary>
    string Driver { get; }

    PassdbAbilities Abilities { get; }

    /// <summary>
    /// The variables of a login on which an answer depends: the key of what is remembered of it. Null: nothing of this database is remembered.
    /// </summary>
    IReadOnlyCollection<string>? Variables => null;

    /// <summary>Changes when an earlier answer may no longer be true; always the same where nobody can tell.</summary>
    SourceState State => default;

    /// <summary>What is stored of the user.</summary>
    ValueTask<PassdbRow> FindAsync(LoginFacts login, CancellationToken stop) => new(PassdbRow.Failed($"passdb {Driver} tells nothing about users"));

    /// <summary>Whether the password is his; it is also in <see cref="LoginFacts.Password"/>.</summary>
    ValueTask<PassdbRow> VerifyAsync(LoginFacts login, ReadOnlyMemory<byte> password, CancellationToken stop) => new(PassdbRow.Failed($"passdb {Driver} verifies no passwords"));

    /// <summary>
    /// Whether the bearer token is good: for the user of the login when the client has named one; else the row's field "user" says whose it is.
    /// </summary>
    ValueTask<PassdbRow> ValidateAsync(LoginFacts login, ReadOnlyMemory<byte> token, CancellationToken stop) => new(PassdbRow.Failed($"passdb {Driver} knows no tokens"));

    /// <summary>
    /// Told how a password compared with a row that <see cref="FindAsync"/> gave. When the row was remembered and may be too old to say no, the database is
    /// asked again and its row returned; else null.
    /// </summary>
    ValueTask<PassdbRow?> JudgedAsync(LoginFacts login, PassdbRow row, bool isRight, CancellationToken stop) => new((PassdbRow?)null);

    /// <summary>Some of the stored passwords, "{SCHEME}text", so that an unknown user can be made to cost what most cost. May block.</summary>
    IEnumerable<string> Sample() => [];

    /// <summary>
    /// Puts what was derived from a password that has just proven right in the place of what was stored: a stronger hash, SCRAM keys. False when this
    /// database cannot be written, or somebody else was quicker. See <see cref="PassdbRow.Passwords"/>.
    /// </summary>
    ValueTask<bool> ReplaceAsync(LoginFacts login, IReadOnlyList<string> expected, IReadOnlyList<string> passwords, CancellationToken stop) => new(false);
}
