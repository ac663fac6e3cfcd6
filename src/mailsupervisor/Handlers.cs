using System.Net.Sockets;
using MailSupervisor.Children;
using MailSupervisor.House;
using MailSupervisor.Workers;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Supervision;

namespace MailSupervisor;

/// <summary>The requests that children may make, each permitted by the rights of the child's line in the process table.</summary>
sealed class Handlers(IUserDirectory users, WorkerTable workers, Func<HousePlan> plan, ILogger log)
{
    public async Task HandleAsync(Child child, string[] fields, SafeFileHandle? descriptor, CancellationToken stop)
    {
        try
        {
            using (descriptor)
            {
                switch (fields)
                {
                    case [Verb.HandOff, var id, .. var rest] when child.Plan.Rights.HasFlag(ChildRights.HandOff):
                        await HandOffAsync(child, id, rest, descriptor, stop);
                        break;
                    case [Verb.Deliver, var id, var user] when child.Plan.Rights.HasFlag(ChildRights.Deliver):
                        await DeliverAsync(child, id, user, stop);
                        break;
                    case [Verb.Detached, var served, var received] when child.Plan.Role == "worker" && int.TryParse(served, out var n) && long.TryParse(received, out var total):
                        workers.Detached(child, n, total);
                        break;
                    default:
                        SupervisorLog.NotPermitted(log, child.Plan.Name, fields[0]);
                        if (fields.Length > 1)
                            await child.SendAsync([Verb.No, fields[1], "denied", "not permitted"]);
                        break;
                }
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The child that asked is gone; there is nobody to answer.
        }
        finally
        {
            child.EndRequest();
        }
    }

    /// <summary>A front end passes on a client whose login the auth server must confirm.</summary>
    async Task HandOffAsync(Child child, string id, string[] fields, SafeFileHandle? descriptor, CancellationToken stop)
    {
        if (descriptor is null || HandOffRequest.TryParse(fields) is not { } request || request.Protocol is not ("imap" or "pop3"))
        {
            await child.SendAsync([Verb.No, id, "denied", "malformed hand-off"]);
            return;
        }
        var user = await users.ConfirmAsync(request, child.Pid, stop);
        if (Refusal(user) is var (code, reason))
        {
            SupervisorLog.HandOffRefused(log, request.Session, reason);
            SupervisorMetrics.Attached(request.Protocol, code);
            await child.SendAsync([Verb.No, id, code, reason]);
            return;
        }
        var attachment = new Attachment(request.Protocol, request.Session, request.Tag, user.Name, user.Home,
            user.Mail ?? plan().Mail.For(request.Protocol), request.Remote, request.Leftover);
        await AnswerAsync(child, id, user, attachment, descriptor, null, stop);
    }

    /// <summary>The queue wants to deliver to a local user.</summary>
    async Task DeliverAsync(Child child, string id, string name, CancellationToken stop)
    {
        var user = await users.FindAsync(name, stop);
        if (Refusal(user) is var (code, reason))
        {
            SupervisorMetrics.Attached("lmtp", code);
            await child.SendAsync([Verb.No, id, code, reason]);
            return;
        }
        var attachment = new Attachment("lmtp", "", "", user.Name, user.Home, user.Mail ?? plan().Mail.For("lmtp"), "", []);
        var (ours, theirs) = Descriptors.Pair(SocketType.Stream);
        using (ours)
        using (theirs)
            await AnswerAsync(child, id, user, attachment, theirs.SafeHandle, ours.SafeHandle, stop);
    }

    async Task AnswerAsync(Child child, string id, UserAnswer user, Attachment attachment, System.Runtime.InteropServices.SafeHandle stream,
        System.Runtime.InteropServices.SafeHandle? answer, CancellationToken stop)
    {
        int pid;
        try
        {
            pid = await workers.AttachAsync(user.Uid, user.Gid, attachment, stream, stop);
        }
        catch (Exception failure) when (failure is IOException or InvalidOperationException or TimeoutException or System.ComponentModel.Win32Exception)
        {
            SupervisorLog.ChildFailed(log, $"worker uid {user.Uid}", failure.Message, 0);
            SupervisorMetrics.Attached(attachment.Protocol, "temp");
            await child.SendAsync([Verb.No, id, "temp", "no worker"]);
            return;
        }
        SupervisorMetrics.Attached(attachment.Protocol, "ok");
        await child.SendAsync([Verb.Ok, id, $"pid={pid}"], answer);
    }

    (string Code, string Reason)? Refusal(UserAnswer user)
    {
        switch (user.Status)
        {
            case UserStatus.Unavailable:
                return ("temp", "the auth server cannot answer");
            case UserStatus.Unknown:
                return ("nouser", "no such user");
        }
        // Invariant 4: whatever the auth server says.
        if (user.Uid == 0 || user.Gid == 0 || user.Uid < plan().FirstValidUid || (!Identity.IsRoot && user.Uid != Identity.EffectiveUid))
        {
            SupervisorLog.UidRefused(log, user.Name, user.Uid, plan().FirstValidUid);
            return ("denied", "this uid may not have mail here");
        }
        return null;
    }
}
