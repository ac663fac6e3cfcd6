using Sasl.Hosting.Configuration;
using Sasl.Hosting.Unix;

namespace MailSupervisor.House;

/// <summary>The three system accounts of the house. As an ordinary user all are that user.</summary>
sealed record HouseIdentities(HouseIdentity Auth, HouseIdentity Front, HouseIdentity Queue)
{
    /// <summary>Groups that own saslauthd's directory on Debian and Red Hat: the auth server must get through it.</summary>
    static readonly string[] _saslauthdGroups = ["sasl", "saslauth"];

    /// <summary>Null, with the problems, when an account is missing.</summary>
    public static HouseIdentities? Find(List<Problem> problems)
    {
        var auth = Of("saslauth", problems);
        var front = Of("mailfront", problems);
        var queue = Of("mailqueue", problems);
        if (auth is null || front is null || queue is null)
            return null;
        if (Identity.IsRoot)
            auth = auth with { Groups = [.. auth.Groups.Union(_saslauthdGroups.Select(Accounts.FindGroup).OfType<uint>())] };
        return new(auth, front, queue);
    }

    static HouseIdentity? Of(string name, List<Problem> problems)
    {
        var identity = HouseIdentity.OfAccount(name);
        if (identity is null)
            problems.Add(new("/etc/passwd", 0, $"there is no account \"{name}\"; make it with: useradd --system --user-group --no-create-home --shell /usr/sbin/nologin {name}"));
        else if (identity.Uid == 0 || identity.Gid == 0)
            problems.Add(new("/etc/passwd", 0, $"the account \"{name}\" is root's"));
        return identity;
    }
}
