using Sasl.Hosting.Unix;
using SideBySide.Processes;

namespace SideBySide.Contenders;

/// <summary>Who logs in and gets mail: the same on both sides.</summary>
static class BenchUsers
{
    public const string Password = "benchmark", Domain = "test.example";

    /// <summary>Owns all mail of both sides.</summary>
    public static uint Uid => Identity.IsRoot ? 5000 : Identity.EffectiveUid;

    public static uint Gid => Identity.IsRoot ? 5000 : Identity.EffectiveGid;

    /// <summary>Receive the messages of the delivery figure.</summary>
    public static IReadOnlyList<string> Recipients { get; } = ["r0", "r1", "r2", "r3"];

    public static IEnumerable<string> All => [.. Recipients, "idle", .. Enumerable.Range(0, 16).Select(Reader)];

    /// <summary>Has the mailbox of one round of the IMAP figure: a mailbox is cold only once.</summary>
    public static string Reader(int round) => $"f{round}";

    /// <summary>A system account.</summary>
    public sealed class SystemAccount : IDisposable
    {
        /// <param name="prefix">How the password is hashed: md5crypt is the cheapest that shadow(5) files still hold.</param>
        public SystemAccount(string prefix = "$1$")
        {
            Name = $"bench{prefix.Trim('$')}{Environment.ProcessId}";
            Hash = Sasl.Credentials.Native.Crypt.Hash(System.Text.Encoding.UTF8.GetBytes(Password), prefix)!;
            Background.Run("useradd", "--no-create-home", "--shell", "/usr/sbin/nologin", "--password", Hash, Name);
        }

        public string Name { get; }

        public string Hash { get; }

        public void Dispose() => Background.Run("userdel", Name);
    }
}
