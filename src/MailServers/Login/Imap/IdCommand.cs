namespace MailServers.Login.Imap;

/// <summary>ID (RFC 2971 §3.1). What clients say of themselves is of no use here; the answer is that of imap_id_send.</summary>
static class IdCommand
{
    public static ValueTask<LoginEnd?> RunAsync(LoginClient client, ImapCommand command)
    {
        if (!IsParameterList(command.Arguments))
            return new(BadCommand.Answer(client, command.Tag, "Invalid ID parameters."));
        client.Connection.WriteLine($"* ID {client.Host.Settings.ImapId}");
        client.Connection.WriteLine($"{command.Tag} OK ID completed.");
        return new((LoginEnd?)null);
    }

    /// <summary>NIL, or pairs of names and values in one pair of parentheses. Dovecot takes a missing list for NIL, and so do we.</summary>
    static bool IsParameterList(IReadOnlyList<ImapToken> arguments)
    {
        if (arguments is [] or [{ Kind: ImapTokenKind.Atom, Bytes: [(byte)'N' or (byte)'n', (byte)'I' or (byte)'i', (byte)'L' or (byte)'l'] }])
            return true;
        if (arguments.Count < 2 || arguments[0].Kind != ImapTokenKind.Open || arguments[^1].Kind != ImapTokenKind.Close)
            return false;
        for (var i = 1; i < arguments.Count - 1; i++)
            if (!arguments[i].IsString)
                return false;
        return arguments.Count % 2 == 0;
    }
}
