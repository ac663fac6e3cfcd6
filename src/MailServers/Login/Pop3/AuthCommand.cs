using System.Text;

namespace MailServers.Login.Pop3;

/// <summary>AUTH (RFC 5034 §4), with an initial response; bare AUTH lists the mechanisms, as old Outlooks want it.</summary>
static class AuthCommand
{
    public static async ValueTask<LoginEnd?> RunAsync(Pop3LoginSession session, byte[] argument)
    {
        var space = argument.AsSpan().IndexOf((byte)' ');
        var mechanism = Encoding.Latin1.GetString(space < 0 ? argument : argument.AsSpan(0, space));
        if (mechanism.Length == 0)
        {
            session.Reply("+OK");
            foreach (var name in await LoginMechanisms.OfferAsync(session.Client))
                session.Reply(name);
            session.Reply(".");
            return null;
        }
        if (argument.Length - space - 1 > LoginAttempt.LongestResponse)
        {
            session.Reply(Pop3Refusals.Reply(new(RefusalKind.TooLong)));
            return null;
        }
        // RFC 5034 §4: "=" stands for an initial response of zero length; LoginAttempt takes it so.
        var response = space < 0 ? null : argument[(space + 1)..];
        return await LoginAttempt.RunAsync(session.Client, "", "", mechanism, response);
    }
}
