using MailStore;
using MailStore.Maildir;

namespace Fuzz;

/// <summary>Names of message files as other programs may have left them: flags can be read and set, and what identifies the message never changes.</summary>
static class MessageFileNameTarget
{
    public static readonly string[] Seeds = ["1700000000.M1P2.host,S=123,W=130:2,FRSTabz", "x", ":", ":2,", "1.2:1,x", "a:2,DS,extra", "99999999999.x:2,", "a,S=,W=-1,S=99999999999999999999:2,S"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var name = Bytes.Utf8(input);
        var (flags, keywords) = MessageFileName.FlagsOf(name);
        Check.That(MessageFileName.Field(name, 'S') is null or >= 0 && MessageFileName.Field(name, 'W') is null or >= 0, "a negative size");
        _ = MessageFileName.Time(name);
        foreach (var (newFlags, letters) in ((MessageFlags, uint)[])[(flags, keywords), (MessageFlags.Seen | MessageFlags.Deleted, 1), (MessageFlags.None, 0x3ffffff)])
        {
            var renamed = MessageFileName.WithFlags(name, newFlags, letters);
            Check.Same((newFlags, letters), MessageFileName.FlagsOf(renamed), "flags set and read");
            Check.That(MessageFileName.BaseOf(renamed).SequenceEqual(MessageFileName.BaseOf(name)), "the base has changed");
            Check.Same(renamed, MessageFileName.WithFlags(renamed, newFlags, letters), "a name written twice");
        }
    }
}
