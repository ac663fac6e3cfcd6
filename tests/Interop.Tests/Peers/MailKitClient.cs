using System.Diagnostics;
using System.Net;
using MailKit.Security;
using Sasl.Mechanisms;

namespace Interop.Tests.Peers;

/// <summary>MailKit's own mechanisms, without its protocols.</summary>
sealed class MailKitClient : ClientPeer
{
    public static readonly MailKitClient Instance = new();

    public override string Name => "MailKit";

    public override string Evidence => "`MailKit.Security.SaslMechanism.IsSupported`, and the class SaslMechanismGssapi, which that does not know";

    protected override Task<string> AskVersionAsync() => Task.FromResult(FileVersionInfo.GetVersionInfo(typeof(MailKit.Security.SaslMechanism).Assembly.Location).FileVersion!.TrimEnd('0').TrimEnd('.'));

    protected override Task<IReadOnlySet<string>> AskMechanismsAsync() =>
        Task.FromResult<IReadOnlySet<string>>(SaslMechanisms.All.Select(m => m.Name).Where(name => name == "GSSAPI" || MailKit.Security.SaslMechanism.IsSupported(name)).ToHashSet());

    public static MailKit.Security.SaslMechanism Mechanism(Login login)
    {
        if (login.Kerberos is not null)
            return new SaslMechanismGssapi();
        var secret = SaslMechanisms.Find(login.Mechanism)!.Need == ClientNeed.Token ? login.Token : login.Password;
        var mechanism = MailKit.Security.SaslMechanism.Create(login.Mechanism, new NetworkCredential(login.User, secret))!;
        if (login.As.Length == 0)
            return mechanism;
        if (mechanism is SaslMechanismPlain plain)
            plain.AuthorizationId = login.As;
        else
            ((SaslMechanismScramBase)mechanism!).AuthorizationId = login.As;
        return mechanism;
    }

    public override async Task<IClientDialogue> StartAsync(Login login)
    {
        var mechanism = Mechanism(login);
        var initial = login.Initial && mechanism.SupportsInitialResponse ? Convert.FromBase64String(await mechanism.ChallengeAsync(null)) : null;
        return new Dialogue(mechanism, initial);
    }

    sealed class Dialogue(MailKit.Security.SaslMechanism mechanism, byte[]? initial) : IClientDialogue
    {
        public byte[]? Initial => initial;

        public string Transcript { get; private set; } = "";

        public async Task<byte[]?> AnswerAsync(byte[] challenge)
        {
            try
            {
                return Convert.FromBase64String(await mechanism.ChallengeAsync(Convert.ToBase64String(challenge)));
            }
            catch (SaslException refusal)
            {
                Transcript = refusal.ToString();
                return null;
            }
        }

        public async Task<bool> SucceedAsync(byte[]? finalData) => (finalData is null || await AnswerAsync(finalData) is []) && mechanism.IsAuthenticated;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
