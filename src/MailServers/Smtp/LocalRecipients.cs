using MailServers.Smtp.Addresses;
using MailServers.Smtp.Restrictions;
using Microsoft.Extensions.Logging;
using Sasl.Protocols.DovecotAuth;

namespace MailServers.Smtp;

/// <summary>Whether a local recipient exists: as an alias, or as a user of the auth server (reject_unlisted_recipient).</summary>
sealed class LocalRecipients(AliasKeys aliases, AuthUserdbClient users, SmtpSettings settings, ILogger log)
{
    /// <summary>RFC 5321 §4.5.1 and our own bounces: these exist always.</summary>
    static readonly string[] _always = ["postmaster", "mailer-daemon", "double-bounce"];

    /// <summary>Null when mail for it can be taken, else the refusal.</summary>
    public async ValueTask<string?> CheckAsync(ResolvedAddress recipient, MailAddress typed, CancellationToken stop)
    {
        if (recipient.Class != DomainClass.Local)
            return null;
        foreach (var name in Names(recipient.Address.LocalPart.ToLowerInvariant()))
        {
            if (_always.Contains(name) || aliases.Contains(name))
                return null;
            var answer = await users.UserAsync(name, "smtp", stop);
            if (answer.IsFound)
                return null;
            if (answer.Status != UserdbStatus.NotFound)
            {
                // Nobody knows: the client shall come back, its mail is not lost.
                SmtpLog.UserLookupFailed(log, typed.ToString(), answer.Reason ?? "no reason");
                return $"451 4.3.0 <{typed.Unquoted}>: Temporary lookup failure";
            }
        }
        return $"{RejectCodes.Status(settings.Codes.UnknownLocalRecipient, "1.1")} <{typed.Unquoted}>: Recipient address rejected: User unknown"
            + (settings.ShowUserUnknownTableName ? " in local recipient table" : "");
    }

    /// <summary>user+ext, then user.</summary>
    IEnumerable<string> Names(string local)
    {
        yield return local;
        var delimiter = local.AsSpan().IndexOfAny(settings.RecipientDelimiter);
        if (settings.RecipientDelimiter.Length > 0 && delimiter > 0)
            yield return local[..delimiter];
    }
}
