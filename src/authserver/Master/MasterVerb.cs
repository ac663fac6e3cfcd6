using AuthServer.Composition;
using AuthServer.Logins;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Master;

/// <summary>Who may ask something.</summary>
enum MasterRight
{
    /// <summary>Everybody who can connect; strangers on a socket of mode 0666 get answers about their own uid only.</summary>
    Everybody,

    /// <summary>Not strangers on a socket of mode 0666.</summary>
    Trusted,

    /// <summary>On the master socket only.</summary>
    Master,
}

/// <summary>One question on a master or userdb socket.</summary>
/// <param name="Reply">Sends one line, without its LF; the fields are escaped already.</param>
sealed record MasterQuestion(MasterCommand.Query Query, AuthHost Host, MasterAccess Access, Action<string> Reply)
{
    /// <summary>The facts of a look-up of the first field's user: null when the name can be nobody's.</summary>
    public LoginFacts? Facts(LoginOrigin origin, Sasl.Credentials.Explanation? explanation = null) =>
        Host.NormalizeName(Query.Fields[0]) is { } user ? new(Query.Fields[0], user, origin) { Explanation = explanation } : null;
}

/// <summary>
/// A command of the master and userdb sockets. Its answer is one or more lines, each with the id of the question in its second field; false when the
/// question is broken: the connection then ends, as Dovecot's does.
/// </summary>
sealed record MasterVerb(string Name, MasterRight Right, Func<MasterQuestion, CancellationToken, ValueTask<bool>> AnswerAsync);
