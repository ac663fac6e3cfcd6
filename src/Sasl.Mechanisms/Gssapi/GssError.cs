using System.Text;

namespace Sasl.Mechanisms.Gssapi;

/// <summary>A call that failed: both status values (RFC 2744 §3.9) and what the library says of them, for the log.</summary>
sealed record GssError(uint Major, uint Minor, string Text)
{
    // RFC 2744 §3.9.1: the routine error stands in the second byte from above.
    const uint RoutineMask = 0xff0000, ErrorMask = 0xffff0000;

    // Of com_err(3): krb5's errors are this base and the number in the protocol.
    const int Krb5 = -1765328384;


    public const int UnknownClient = 6, UnknownServer = 7, PreauthenticationFailed = 24, BadIntegrity = 31, TicketExpired = 32, KdcUnreachable = 156;

    static readonly (string Text, int Code)[] _said =
    [
        ("Cannot contact any KDC", KdcUnreachable), ("Ticket expired", TicketExpired), (": Client '", UnknownClient), (": Server ", UnknownServer),
    ];

    public static bool IsError(uint major) => (major & ErrorMask) != 0;

    public GssRoutineError Routine => (GssRoutineError)((Major & RoutineMask) >> 16);

    /// <summary>
    /// The error's number in Kerberos (RFC 4120 §7.5.9), or that of MIT's library from 128 on; null when the trouble is not Kerberos', or when
    /// it cannot be told.
    /// </summary>
    public int? KerberosCode =>
        (int)Minor is >= Krb5 and < Krb5 + 256 and var code ? code - Krb5
        : IsRenumbered && Array.Find(_said, s => Text.Contains(s.Text, StringComparison.Ordinal)) is { Text: not null } said ? said.Code
        : null;

    /// <summary>
    /// The library gives the second mechanism that reports an error a number without meaning: what SPNEGO says of Kerberos has none. For the
    /// few numbers that matter there is the text.
    /// </summary>
    public bool IsRenumbered => Minor is >= 100_000 and < 200_000;

    /// <summary>An errno(3): a file, the network.</summary>
    public bool IsSystemError => Minor is > 0 and < 256;

    /// <summary>Call it at once on the thread of the failed call: the library remembers details per thread.</summary>
    public static unsafe GssError Read(uint major, uint minor, GssOid* mechanism)
    {
        var text = new StringBuilder();
        Append(text, major, 1, null);
        if (minor != 0)
            Append(text, minor, 2, mechanism);
        return new(major, minor, SaslText.Printable(text.ToString()));
    }

    static unsafe void Append(StringBuilder text, uint value, int type, GssOid* mechanism)
    {
        uint more = 0;
        do
        {
            uint minor;
            GssBuffer line;
            if (IsError(Gss.gss_display_status(&minor, value, type, mechanism, &more, &line)))
                return;
            text.Append(text.Length > 0 ? ": " : "").Append(Encoding.UTF8.GetString(Gss.Take(&line)));
        }
        while (more != 0);
    }
}

/// <summary>Routine errors (RFC 2744 §3.9.1).</summary>
enum GssRoutineError
{
    None = 0,
    BadMechanism = 1,
    BadName = 2,
    BadBindings = 4,
    BadIntegrity = 6,
    NoCredential = 7,
    NoContext = 8,
    DefectiveToken = 9,
    DefectiveCredential = 10,
    CredentialsExpired = 11,
    ContextExpired = 12,
    Failure = 13,
    Unauthorized = 15,
    Unavailable = 16,
}
