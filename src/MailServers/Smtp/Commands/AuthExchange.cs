using System.Security.Cryptography;
using Sasl.Hosting.Net;
using Sasl.Mechanisms;

namespace MailServers.Smtp.Commands;

/// <summary>The client's side of one AUTH exchange: challenges out, responses in, all base64 (RFC 4954 §4).</summary>
sealed class AuthExchange(SmtpSession session) : IDisposable
{
    byte[]? _response;

    /// <summary>Set when the exchange ended for a reason of the line, not of the login: then this is the reply.</summary>
    public Reply? Problem { get; private set; }

    /// <summary>Null: the client aborts, or is of no more use.</summary>
    public async ValueTask<byte[]?> RespondAsync(string challenge)
    {
        session.Connection.WriteLine($"334 {challenge}");
        if (!await session.Connection.FlushAsync())
            return End(session.LostIn("AUTH", LineStatus.Closed));
        var line = await session.Connection.Reader.ReadLineAsync(session.Settings.SaslResponseLimit);
        switch (line.Status)
        {
            case LineStatus.Closed or LineStatus.TimedOut:
                return End(session.LostIn("AUTH", line.Status));
            case LineStatus.TooLong:
                SmtpLog.TooLong(session.Log, session.Client, session.Settings.SaslResponseLimit);
                return End(Reply.Error("500 5.5.6 SASL response limit exceeded"));
            case LineStatus.BareLineFeed:
                return End(session.BareNewline());
        }
        // RFC 4954 §4: a line of a single "*" cancels. A NUL is no base64 and fails as such.
        if (SaslProfile.Smtp.IsAbort(line.Bytes.Span))
            return null;
        Dispose();
        return _response = line.Bytes.ToArray();
    }

    byte[]? End(Reply reply)
    {
        Problem = reply;
        return null;
    }

    /// <summary>The last response may hold a password: it does not stay in memory.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_response);
}
