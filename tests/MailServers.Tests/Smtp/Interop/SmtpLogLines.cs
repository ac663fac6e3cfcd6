using System.Text.RegularExpressions;

namespace MailServers.Tests.Smtp.Interop;

/// <summary>
/// Log lines of an SMTP server as far as versions of Postfix agree on them. Left out: ids; what 3.9 added (the user of a failed login, a
/// prefix before lost connections, the login of a refused recipient); the line with client=, which we write when the mail is safe and
/// Postfix when it begins; and Postfix's warnings beside a reply that says the same.
/// </summary>
static partial class SmtpLogLines
{
    public static string OfPostfix(string log) => Comparable(Lines().Matches(log).Select(m => m.Groups[1].Value));

    public static string Comparable(IEnumerable<string> lines) => string.Concat(lines.Where(l => !Others().IsMatch(l)).Select(l => Changing().Replace(l, "") + "\n"));

    [GeneratedRegex(@"^\w{3} +\d+ [\d:]{8} \S+ postfix/smtpd\[\d+\]: (.*)$", RegexOptions.Multiline)]
    private static partial Regex Lines();

    [GeneratedRegex(@"^(SSL_accept|TLS SNI|warning: TLS|discarding EHLO|\w+: client=|warning: \w+: .* BDAT |warning: \w+: (null|malformed) BDAT|warning: \w+: BDAT|warning: unknown DSN|warning: \w+: queue file size|warning: reject: ETRN|NOQUEUE: AUTH from)")]
    private static partial Regex Others();

    [GeneratedRegex(@"(?<=authentication failed: .*), sasl_username=\S+$|^(NOQUEUE|[0-9A-Za-z]+): (?=lost|timeout|too many|reject)|(?<=reject: .*) sasl_(method|username)=\S+|(?<=request longer than \d+): .*")]
    private static partial Regex Changing();
}
