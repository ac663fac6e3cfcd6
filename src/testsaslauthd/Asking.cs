using System.Security.Cryptography;
using Sasl.Hosting.Logging;
using Sasl.Protocols.Saslauthd;

namespace TestSaslauthd;

/// <summary>One question and its report. The exit status is the original's: 0, or -1, which a shell sees as 255.</summary>
static class Asking
{
    public const int Failure = 255;

    public static async Task<int> AskAsync(SaslauthdClient client, SaslauthdRequest request)
    {
        var answer = await client.AskAsync(request, CancellationToken.None);
        if (answer.Stage == SaslauthdStage.Replied)
            return Report(answer.IsOk);
        Console.Error.WriteLine(answer.Stage switch
        {
            SaslauthdStage.Connect => $"connect() : {answer.Text}",
            SaslauthdStage.Write => "write failed",
            SaslauthdStage.SizeRead => "size read failed",
            SaslauthdStage.Read => "read failed",
            _ => answer.Text,
        });
        return Failure;
    }

    /// <summary>--explain: the same question on the socket beside it that serves root, with every step of the answer.</summary>
    public static async Task<int> ExplainAsync(string socketPath, SaslauthdRequest request)
    {
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(socketPath))!, ControlClient.SocketName);
        if (RequestCodec.Encode(request) is not { } question)
        {
            Console.Error.WriteLine("saslauthd request too large");
            return Failure;
        }
        var reply = await ControlClient.AskAsync(path, new(ControlKind.Explain, question));
        CryptographicOperations.ZeroMemory(question);
        if (reply.Problem is { } problem)
        {
            Console.Error.WriteLine($"{path}: {problem}");
            return Failure;
        }
        Console.Out.WriteLine();
        // What servers and users are called comes from outside: nothing of it moves the terminal.
        foreach (var row in reply.Rows.SkipLast(1))
            Console.Out.WriteLine($"   {DaemonLog.Printable(row[0])}");
        var text = reply.Rows is [.., [var last]] ? last : "";
        Console.Out.WriteLine($"   reply to the caller: {DaemonLog.Printable(text)}");
        return Report(ReplyCodec.Parse(System.Text.Encoding.UTF8.GetBytes(text)).Ok);
    }

    static int Report(bool isOk)
    {
        Console.Out.WriteLine(isOk ? "OK \"Success.\"" : "NO \"authentication failed\"");
        return isOk ? 0 : Failure;
    }
}
