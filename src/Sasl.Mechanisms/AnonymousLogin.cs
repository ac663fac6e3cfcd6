using System.Text;
using System.Text.Unicode;

namespace Sasl.Mechanisms;

/// <summary>ANONYMOUS (RFC 4505): no identity, but the client may leave a trace (an address, a token) for the log.</summary>
static class AnonymousLogin
{
    const int LongestTrace = 255;

    public static async ValueTask<SaslOutcome> ServeAsync(ISaslDialogue client, ISaslCredentials credentials, CancellationToken stop)
    {
        var message = await client.FirstAsync();
        // RFC 4505 §2: at most 255 characters of UTF-8.
        if (!TryReadTrace(message.Span, out var trace))
            return SaslOutcome.Malformed("not a trace");
        return new SaslOutcome.Success("anonymous", "anonymous") { IsAnonymous = true, Trace = trace };
    }

    public static ValueTask<SaslOutcome> RequestAsync(ISaslDialogue server, ClientCredentials own, CancellationToken stop)
    {
        var message = Encoding.UTF8.GetBytes(own.AuthenticationId);
        return new(TryReadTrace(message, out _) ? new SaslOutcome.Success("anonymous", "", message) : SaslOutcome.Malformed("not a trace"));
    }

    static bool TryReadTrace(ReadOnlySpan<byte> message, out string trace)
    {
        trace = "";
        const int longestRune = 4;
        if (message.Length > LongestTrace * longestRune || !Utf8.IsValid(message))
            return false;
        trace = Encoding.UTF8.GetString(message);
        return trace.EnumerateRunes().Count() <= LongestTrace && !trace.Any(char.IsControl);
    }
}
