using MailStore;
using MailStore.Maildir;
using Sasl.Hosting.Unix;
using Testing;

namespace Fuzz;

/// <summary>
/// dovecot-uidlist, dovecot-keywords and subscriptions as anything may have left them: what is readable is read, UIDs stay below the next
/// one, and what we write ourselves afterwards is read back.
/// </summary>
static class ControlFilesTarget
{
    public static readonly string[] Seeds =
    [
        "3 V1257 N4 G0123\n1 :1700000000.a:2,S\n2 W50 :b\n3 :c\n", "1 1257 3\n1 a\n2 b:2,S\n", "3 V0 N0\n", "3 V4294967295 N4294967295\n4294967295 :x\n4294967294 :y\n", "0 $Forwarded\n1 Junk\n25 z\n26 no\nx y\n", "V\t2\n\nINBOX\nA\tB\n\x01t\n", "A.B\nEntw&APw-rfe\n..\n/etc\n",
    ];

    static readonly TemporaryDirectory _directory = new();

    public static void Run(ReadOnlySpan<byte> input)
    {
        foreach (var name in (string[])["dovecot-uidlist", "dovecot-keywords", "subscriptions"])
            File.WriteAllBytes(_directory[name], input);
        using var directory = Files.OpenDirectory(_directory.Path);
        Uids(directory);
        var keywords = new KeywordList(directory);
        keywords.Refresh();
        Check.That(keywords.Names(0x3ffffff).All(k => k.Length is > 0 and <= 255 && k.All(c => c is > ' ' and <= '~')), "a keyword that is no atom");
        var subscriptions = new SubscriptionFile(directory, "subscriptions", FolderName.Separator, FolderName.Problem, TimeProvider.System);
        var folders = subscriptions.Read();
        Check.That(folders.All(f => FolderName.Problem(f) is null), "a subscription that is no folder's name");
        var ofMbox = new SubscriptionFile(directory, "subscriptions", '/', MailStore.Mbox.MboxName.Problem, TimeProvider.System).Read();
        Check.That(ofMbox.All(f => !f.Split('/').Contains("..") && !f.StartsWith('/')), "a subscription that leaves the directory");
        subscriptions.Change("new.folder", true);
        subscriptions.Change("new.folder", folders.Contains("new.folder"));
        Check.SameItems(folders.Order(StringComparer.Ordinal), subscriptions.Read().Order(StringComparer.Ordinal), "subscriptions written again");
    }

    static void Uids(Microsoft.Win32.SafeHandles.SafeFileHandle directory)
    {
        var list = new UidList(directory, TimeProvider.System);
        var records = new List<UidRecord>();
        if (!list.Read(records.Add))
            return;
        Check.That(list.Validity > 0 && records.All(r => r.Uid > 0 && r.Uid <= list.Next && r.Base.Length > 0 && !r.Base.Contains(':')), "a record that cannot be");
        foreach (var record in records)
        {
            var line = System.Text.Encoding.UTF8.GetBytes(record.ToString());
            Check.That(UidRecord.TryParse(line.AsSpan(0, line.Length - 1), 3, out var again), "a record that cannot be read again");
            Check.Same(record, again, "a record written again");
        }
    }
}
