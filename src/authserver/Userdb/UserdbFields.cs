using System.Globalization;
using AuthServer.Logins;
using Sasl.Credentials;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Unix;

namespace AuthServer.Userdb;

/// <summary>From the fields that the userdbs gave to the answer: names become ids, and some fields mean more than their text.</summary>
/// <param name="LookUps">Threads for NSS and for looking at files.</param>
/// <param name="Uid">mail_uid, for whom nobody says one; a name, a number or "".</param>
/// <param name="Gid">mail_gid, the same.</param>
sealed record UserdbFields(HashWorkers LookUps, string Uid, string Gid)
{
    static readonly string[] _own = ["uid", "gid", "home", "user", "uidgid_file", "tempfail"];

    public static UserdbFields From(Settings settings, HashWorkers lookUps) => new(lookUps, settings.Text(DovecotConf.MailUid), settings.Text(DovecotConf.MailGid));

    public async ValueTask<Lookup> EndAsync(LoginFacts login, CancellationToken stop)
    {
        var said = login.UserFields;
        if (said["tempfail"] is not null)
            return Lookup.Failed(said["reason"] is { Length: > 0 } reason ? reason : "the userdb says so (tempfail)");
        if (said["user"] is { Length: > 0 } user)
        {
            if (UserNames.HasControls(user))
                return Lookup.Failed("the field user has a control character");
            login.User = user;
        }
        var (uidText, gidText) = (said["uid"] ?? Uid, said["gid"] ?? Gid);
        uint? uid, gid;
        if (said["uidgid_file"] is { Length: > 0 } path)
        {
            if (await RunAsync(() => Files.TargetStatus(path), stop) is not { } file)
                return Lookup.Failed($"uidgid_file: there is no {path}");
            (uid, gid) = (file.Uid, file.Gid);
        }
        else
        {
            uid = Number(uidText) ?? await RunAsync(() => Accounts.Find(uidText)?.Uid, stop);
            gid = Number(gidText) ?? await RunAsync(() => gidText.Length > 0 ? Accounts.FindGroup(gidText) : uidText.Length > 0 ? PrimaryGroup(uidText) : null, stop);
        }
        if (uid is null or Lookup.NotSaid)
            return Lookup.Failed(uidText.Length == 0 ? "no uid, and mail_uid is not set" : $"uid={uidText}: no such user");
        if (gid is null or Lookup.NotSaid)
            return Lookup.Failed(gidText.Length == 0 ? "no gid, and mail_gid is not set" : $"gid={gidText}: no such group");
        return new(LookupKind.Found, uid.Value, gid.Value, said["home"] ?? "", [.. said.All.Where(f => !_own.Contains(f.Name)).Select(f => $"{f.Name}={f.Value}")], "");
    }

    async ValueTask<T?> RunAsync<T>(Func<T?> work, CancellationToken stop)
    {
        try
        {
            return LookUps.TryRun(work, stop) is { } running ? await running : default;
        }
        catch (UnixException)
        {
            return default;
        }
    }

    static uint? PrimaryGroup(string uid) => (Number(uid) is { } number ? Accounts.Find(number) : Accounts.Find(uid))?.Gid;

    static uint? Number(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
