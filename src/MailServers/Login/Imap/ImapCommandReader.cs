// Reads one command with its literals.
//
// Invariants of this file:
//  * A command holds at most 1 KiB, literals included; only AUTHENTICATE, whose initial response is SASL data, may be a longer line.
//  * A literal that is refused is either never sent (synchronizing), read away (small), or ends the connection (large): its bytes are
//    never taken for commands.
using System.Runtime.InteropServices;
using Sasl.Hosting.Net;

namespace MailServers.Login.Imap;

/// <summary>A command, or what to tell the client instead, or the end.</summary>
readonly record struct ImapReadResult(ImapCommand? Command, string Tag = "*", string? Error = null, LoginEnd? End = null);

static class ImapCommandReader
{
    const int LongestCommand = 1024, LongestLine = LoginAttempt.LongestResponse + 256, LongestSkippedLiteral = 64 * 1024;

    public static async ValueTask<ImapReadResult> ReadAsync(LoginClient client)
    {
        var tokens = new List<ImapToken>();
        var size = 0;
        while (true)
        {
            var continued = tokens.Count > 0;
            var line = await client.ReadLineAsync(LongestLine);
            if (line.IsEnd)
                return new(null, End: client.EndOf(line.Status));
            if (line.Status == LineStatus.TooLong)
                return new(null, ImapCommand.TagOf(tokens), "Command line too long");
            if (!line.IsComplete)
                return new(null, ImapCommand.TagOf(tokens), "NUL in command");
            size += line.Bytes.Length;
            var result = ImapLineParser.Parse(line.Bytes.Span, continued, tokens);
            // The reader keeps its buffer; a command may hold a password.
            MemoryMarshal.AsMemory(line.Bytes).Span.Clear();
            if (result.Literal is not { } literal)
                return Finish(tokens, result.Error, size);
            // A tag and a command's name are no strings.
            if (tokens.Count < 2 || size + (long)literal > LongestCommand)
                return await RefuseLiteralAsync(client, ImapCommand.TagOf(tokens), literal, result.IsSynchronizing);
            if (result.IsSynchronizing)
                client.Connection.WriteLine("+ OK");
            var bytes = new byte[literal];
            if (await ReadLiteralAsync(client, bytes) is { } end)
                return new(null, End: end);
            size += bytes.Length;
            tokens.Add(new(ImapTokenKind.Text, bytes));
        }
    }

    static ImapReadResult Finish(List<ImapToken> tokens, string? error, int size)
    {
        var tag = ImapCommand.TagOf(tokens);
        if (error is not null)
            return new(null, tag, error);
        if (ImapCommand.From(tokens) is not { } command)
            return new(null, tag, "Missing tag or command");
        return size > LongestCommand && command.Name != "AUTHENTICATE" ? new(null, tag, "Command line too long") : new(command, tag);
    }

    static async ValueTask<ImapReadResult> RefuseLiteralAsync(LoginClient client, string tag, uint size, bool synchronizing)
    {
        if (synchronizing)
            return new(null, tag, "Literal too large");
        if (size > LongestSkippedLiteral)
            return new(null, End: LoginEnd.InputTooLong);
        if (await ReadLiteralAsync(client, new byte[size]) is { } end)
            return new(null, End: end);
        // The rest of the command's line is not a command either.
        var rest = await client.ReadLineAsync(LongestLine);
        return rest.IsEnd ? new(null, End: client.EndOf(rest.Status)) : new(null, tag, "Literal too large");
    }

    static async ValueTask<LoginEnd?> ReadLiteralAsync(LoginClient client, byte[] into)
    {
        try
        {
            if (!await client.Connection.FlushAsync(client.Over))
                return LoginEnd.Closed;
            var status = await client.Connection.Reader.ReadLiteralAsync(into, client.Over);
            return status == LineStatus.Complete ? null : client.EndOf(status);
        }
        catch (OperationCanceledException)
        {
            return client.OverEnd;
        }
    }
}
