namespace MailServers.Login.Pop3;

/// <summary>CAPA (RFC 2449 §5): what this client may do now, and what the worker will offer.</summary>
static class CapaCommand
{
    static readonly string[] _always = ["CAPA", "TOP", "UIDL", "RESP-CODES", "PIPELINING", "AUTH-RESP-CODE"];

    public static async ValueTask<LoginEnd?> RunAsync(Pop3LoginSession session, byte[] argument)
    {
        var client = session.Client;
        session.Reply("+OK");
        foreach (var capability in _always)
            session.Reply(capability);
        if (client.MayStartTls)
            session.Reply("STLS");
        if (client.Policy.CleartextAllowed)
            session.Reply("USER");
        if (await LoginMechanisms.OfferAsync(client) is { Count: > 0 } mechanisms)
            session.Reply($"SASL {string.Join(' ', mechanisms)}");
        session.Reply(".");
        return null;
    }
}
