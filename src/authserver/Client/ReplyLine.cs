// Invariants of this file:
//  * No field of a line can end it or begin another: everything is escaped here.
//  * A line is never longer than what Exim, the narrowest reader, can hold: what the databases add is left out instead.
using System.Text;
using AuthServer.Logins;
using Sasl.Protocols;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Client;

/// <summary>How a client wants its replies.</summary>
/// <param name="Minor">Its version.</param>
/// <param name="IsDraining">It has asked to be told that this server ends, and it does.</param>
readonly record struct ReplyForm(int Minor, bool IsDraining = false);

/// <summary>An OK or FAIL line that is being written.</summary>
sealed class ReplyLine(string head, ReplyForm form)
{
    const int MostBytes = 8191, MostFields = 16, LongestText = 1024;

    /// <summary>What demands something of the auth server, not of its clients; or says more of an account than they need.</summary>
    static readonly HashSet<string> _own =
    [
        "user", "username", "domain", "login_user", "original_user", "auth_user", "anonymous", "resp", "code", "draining", "password", "password_noscheme",
        "pass", "nopassword", "noauthenticate", "fail", "delay_until", "allow_nets", "k5principals",
    ];

    readonly StringBuilder _text = new(head);
    int _bytes = Encoding.UTF8.GetByteCount(head) + 1, _fields = head.Count(c => c == '\t') + 1;

    public void Add(string name) => Append(TabLine.Escape(name));

    public void Add(string name, string value) => Append($"{name}={TabLine.Escape(name == "resp" || value.Length <= LongestText ? value : value[..LongestText])}");

    /// <summary>The extra fields of the databases, as many as there is room for.</summary>
    public void AddFields(LoginFacts login, params ReadOnlySpan<string> except)
    {
        foreach (var (name, value) in login.Fields.All)
        {
            if (_own.Contains(name) || name.StartsWith("userdb_", StringComparison.Ordinal) || except.Contains(name))
                continue;
            // Before 2.4 a field that is only there or not has no value.
            var field = value == "yes" && form.Minor < AuthVersion.ChannelBindings ? TabLine.Escape(name) : $"{TabLine.Escape(name)}={TabLine.Escape(value)}";
            if (_fields < MostFields && _bytes + Encoding.UTF8.GetByteCount(field) + 1 <= MostBytes)
                Append(field);
        }
    }

    public byte[] ToBytes()
    {
        if (form.IsDraining)
            _text.Append('\t').Append(AuthParameters.Draining);
        return Encoding.UTF8.GetBytes(_text.Append('\n').ToString());
    }

    void Append(string field)
    {
        _text.Append('\t').Append(field);
        _bytes += Encoding.UTF8.GetByteCount(field) + 1;
        _fields++;
    }
}
