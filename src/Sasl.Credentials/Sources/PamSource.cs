using Microsoft.Extensions.Logging;
using Sasl.Credentials.Native;
using Sasl.Hosting.Configuration;

namespace Sasl.Credentials.Sources;

/// <summary>
/// PAM: the service that the client names (imap, smtp, …) picks the file of /etc/pam.d, else "other". As in Cyrus the password and the account are
/// asked for, credentials and sessions are not. Blocks for as long as the modules do: one query at a time in a process that may be killed.
/// </summary>
public sealed class PamSource : IPasswordSource, IDisposable
{
    const int LongestService = 64;

    readonly MechanismContext _context;
    readonly string? _directory;
    readonly LoadedPamStacks _stacks;
    readonly IReadOnlyList<string> _services;
    readonly bool _delays;
    readonly Lock _gate = new();

    /// <summary>IOException when there is no PAM on this machine.</summary>
    /// <param name="context">Settings pam_services and pam_fail_delay.</param>
    /// <param name="directory">Another place than /etc/pam.d.</param>
    public PamSource(MechanismContext context, string? directory = null)
    {
        Pam.Demand();
        (_context, _directory, _stacks) = (context, directory, new(directory));
        _services = context.Settings.List(SaslauthdConf.PamServices);
        _delays = context.Settings.Boolean(SaslauthdConf.PamFailDelay);
    }

    public string Name => "pam";

    public async ValueTask<Verdict> VerifyAsync(PasswordQuery query, CancellationToken stop) =>
        _context.Hashing.TryRun(() => Verify(query), stop) is { } work ? await work : Verdict.Overloaded;

    public void Dispose()
    {
        lock (_gate)
            _stacks.Dispose();
    }

    /// <summary>
    /// The name comes from the network and becomes a file name. libpam takes the last part of a path and any other name; here it has to be one that
    /// an administrator would give such a file.
    /// </summary>
    internal static bool IsHarmless(string service) => service is { Length: > 0 and <= LongestService } && service[0] != '.'
        && service.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    Verdict Verify(PasswordQuery query)
    {
        var password = query.Password.Span;
        if (!IsHarmless(query.Service) || (_services.Count > 0 && !_services.Contains(query.Service, StringComparer.OrdinalIgnoreCase)))
        {
            query.Explanation?.Add($"service \"{query.Service}\" is no name of a PAM service that may be asked for");
            return new(VerdictKind.Refused, "PAM service not allowed");
        }
        // PAM takes C strings: what stands behind a NUL would be ignored, and half a password be good for a whole one.
        if (password.IsEmpty || password.Contains((byte)0) || query.User.Length == 0 || query.User.Contains('\0'))
            return new(VerdictKind.Refused, PamVerdict.AuthenticationError);
        lock (_gate)
        {
            _stacks.Hold(query.Service);
            return Ask(query, new(query.User, query.Password));
        }
    }

    Verdict Ask(PasswordQuery query, PamConversation conversation)
    {
        var (transaction, status) = PamTransaction.Start(query.Service, query.User, conversation, _directory);
        using (transaction)
        {
            if (transaction is null)
            {
                _context.Log.PamStartFailed(query.Service, $"status {status}");
                query.Explanation?.Add($"PAM service {query.Service}: pam_start: status {status}");
                return PamVerdict.OfStart;
            }
            if (Prepare(transaction, query) is not PamStatus.Success and var failed)
            {
                Tell(query, transaction, conversation, "pam_set_item", failed);
                return PamVerdict.OfStart;
            }
            status = transaction.Authenticate();
            var verdict = PamVerdict.OfAuthentication(status);
            Tell(query, transaction, conversation, "pam_authenticate", status);
            if (!verdict.IsOk)
                return verdict;
            status = transaction.CheckAccount();
            Tell(query, transaction, conversation, "pam_acct_mgmt", status);
            return PamVerdict.OfAccount(status);
        }
    }

    PamStatus Prepare(PamTransaction transaction, PasswordQuery query)
    {
        var status = transaction.SetText(Pam.RemoteUser, query.User);
        if (status == PamStatus.Success && query.RemoteAddress is { Length: > 0 } address)
            status = transaction.SetText(Pam.RemoteHost, address.Split(';')[0]);
        return status == PamStatus.Success && !_delays ? transaction.ForbidDelays() : status;
    }

    void Tell(PasswordQuery query, PamTransaction transaction, PamConversation conversation, string call, PamStatus status)
    {
        var text = transaction.Describe(status);
        foreach (var said in conversation.TakeSaid())
        {
            query.Explanation?.Add(said);
            _context.Log.PamSaid(said);
        }
        query.Explanation?.Add($"PAM service {query.Service}: {call}: {text}");
        if (status != PamStatus.Success)
            _context.Log.PamFailed(call, text);
    }
}
