using MailServers.Smtp.Addresses;

namespace MailServers.Smtp.Restrictions;

/// <summary>
/// The restriction lists of a service, in the order in which they have their say at RCPT: client, helo, sender, relay, recipient. Each
/// list must not refuse; a permit satisfies one list only.
/// </summary>
sealed class AccessPolicy(SmtpSettings settings)
{
    readonly RestrictionList _client = new(settings.ClientRestrictions), _helo = new(settings.HeloRestrictions), _sender = new(settings.SenderRestrictions),
        _relay = new(settings.RelayRestrictions), _recipient = new(settings.RecipientRestrictions),
        _data = new(settings.DataRestrictions), _endOfData = new(settings.EndOfDataRestrictions);

    /// <summary>With smtpd_delay_reject = no: as soon as the client has connected, said HELO, or said MAIL. Null lets it go on.</summary>
    public ValueTask<string?> CheckEarlyAsync(SmtpSession session, Subject subject, MailAddress? sender, CancellationToken stop)
    {
        if (settings.DelayReject)
            return new((string?)null);
        var (list, where) = subject switch
        {
            Subject.Client => (_client, "CONNECT"),
            Subject.Helo => (_helo, session.CommandName),
            _ => (_sender, "MAIL"),
        };
        return RunAsync(session, where, sender, null, [(subject, list)], stop);
    }

    public ValueTask<string?> CheckRecipientAsync(SmtpSession session, string where, MailAddress? sender, MailAddress recipient, CancellationToken stop)
    {
        List<(Subject, RestrictionList)> lists = settings.DelayReject ? [(Subject.Client, _client), (Subject.Helo, _helo), (Subject.Sender, _sender)] : [];
        lists.AddRange(settings.RelayBeforeRecipient ? [(Subject.Recipient, _relay), (Subject.Recipient, _recipient)] : [(Subject.Recipient, _recipient), (Subject.Recipient, _relay)]);
        return RunAsync(session, where, sender, recipient, lists, stop);
    }

    /// <param name="command">DATA or BDAT.</param>
    public ValueTask<string?> CheckDataAsync(SmtpSession session, string command, Transaction mail, CancellationToken stop) =>
        RunAsync(session, command, mail.TypedSender, mail.Recipients is [var only] ? only.Typed : null,
            [(Subject.Data, _data)], stop);

    public ValueTask<string?> CheckEndOfDataAsync(SmtpSession session, Transaction mail, CancellationToken stop) =>
        RunAsync(session, "END-OF-MESSAGE", mail.TypedSender, mail.Recipients is [var only] ? only.Typed : null, [(Subject.EndOfData, _endOfData)], stop);

    static async ValueTask<string?> RunAsync(SmtpSession session, string where, MailAddress? sender, MailAddress? recipient,
        IReadOnlyList<(Subject Subject, RestrictionList List)> lists, CancellationToken stop)
    {
        // A local submitter is known by the kernel's word and may send to anybody.
        if (session.Client.LocalUid is not null)
            return null;
        string? armed = null;
        foreach (var (subject, list) in lists)
        {
            if (list.IsEmpty)
                continue;
            var context = new RestrictionContext(subject, session.Client, session.HeloName, sender, recipient, session.Login,
                session.Settings, session.Server.Resolver, session.Server.Domains, session.Connection.IsTls,
                () => (!session.IsExtended || where == "DATA") && session.HasEarlyInput);
            var verdict = await list.CheckAsync(context, reply => armed ??= reply, (step, reply) => Warn(session, where, sender, recipient, step, reply), stop);
            if (verdict.Kind == VerdictKind.Refuse)
                return Refused(session, where, sender, recipient, verdict.Reply);
        }
        return armed is null ? null : Refused(session, where, sender, recipient, armed);
    }

    static string Refused(SmtpSession session, string where, MailAddress? sender, MailAddress? recipient, string reply)
    {
        session.LogReject(where, reply, sender, recipient);
        return reply;
    }

    static void Warn(SmtpSession session, string where, MailAddress? sender, MailAddress? recipient, RestrictionStep step, string? reply)
    {
        if (reply is null)
            SmtpLog.UnknownRestriction(session.Log, step.Word);
        else
            session.LogReject(where, reply, sender, recipient, "reject_warning");
    }
}
