namespace Sasl.Credentials.Remote;

/// <summary>Reasons that mechanisms asking another server give, as Cyrus spells them: administrators search for them.</summary>
static class RemoteTexts
{
    public const string Successful = "remote authentication successful";
    public const string Rejected = "remote server rejected your credentials";
    public const string Unavailable = "[ALERT] The remote authentication server is currently unavailable";
    public const string NoContact = "[ALERT] Couldn't contact remote authentication server";
    public const string Synchronizing = "[ALERT] error synchronizing with remote authentication server";
    public const string Unexpected = "[ALERT] Unexpected response from remote authentication server";

    public static Verdict Ok => new(VerdictKind.Ok, Successful);

    public static Verdict Refused => new(VerdictKind.Refused, Rejected);

    /// <summary>One line of 200 characters at most, whatever a library or a server made of it.</summary>
    public static string Line(string text) => string.Create(Math.Min(text.Length, 200), text, static (to, from) =>
    {
        for (var i = 0; i < to.Length; i++)
            to[i] = char.IsControl(from[i]) ? '?' : from[i];
    });
}
