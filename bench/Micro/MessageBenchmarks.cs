using System.Text;
using BenchmarkDotNet.Attributes;
using MailServers.Queue.Store;
using MailStore;
using MailStore.Structure;
using Envelope = MailServers.Queue.Store.Envelope;

namespace Micro;

/// <summary>What is done once for every message: its structure, and its envelope in the queue.</summary>
[MemoryDiagnoser]
public class MessageBenchmarks
{
    const string Header = """
        Received: from mx.example.org (mx.example.org [192.0.2.7]) by mail.test.example with ESMTPS id 4jZF for <reader@test.example>; Tue, 1 Jul 2025 10:52:37 +0200
        Date: Tue, 1 Jul 2025 10:52:37 +0200
        From: "Sender, Anna" <sender@example.org>
        To: Reader <reader@test.example>, =?utf-8?Q?J=C3=BCrgen?= <juergen@test.example>
        Subject: Message of the mailbox
        Message-ID: <1.bench@example.org>
        MIME-Version: 1.0

        """;

    readonly byte[] _plain = Text(Header + "Content-Type: text/plain; charset=us-ascii\n\n" + Lines(16));
    readonly byte[] _multipart = Text($"{Header}Content-Type: multipart/mixed; boundary=\"m\"\n\n--m\nContent-Type: multipart/alternative; boundary=\"a\"\n\n"
        + $"--a\nContent-Type: text/plain\n\n{Lines(20)}--a\nContent-Type: text/html\n\n{Lines(20)}--a--\n--m\nContent-Type: image/png; name=\"x.png\"\n"
        + $"Content-Transfer-Encoding: base64\n\n{Lines(200)}--m--\n");

    readonly Envelope _envelope = new("sender@example.org", DateTimeOffset.UnixEpoch) { Recipients = [new("reader@test.example"), new("other@test.example")] };
    readonly byte[] _head = EnvelopeFormat.Write(new("sender@example.org", DateTimeOffset.UnixEpoch) { Recipients = [new("reader@test.example"), new("other@test.example")] });

    [Benchmark]
    public MessageStructure StructureOfPlain() => StructureParser.Parse(new MemoryStream(_plain));

    [Benchmark]
    public MessageStructure StructureOfMultipart18k() => StructureParser.Parse(new MemoryStream(_multipart));

    [Benchmark]
    public byte[] WriteQueueEnvelope() => EnvelopeFormat.Write(_envelope);

    [Benchmark]
    public long ReadQueueEnvelope() => EnvelopeFormat.Read(new MemoryStream(_head))!.Value.TextOffset;

    static byte[] Text(string text) => Encoding.ASCII.GetBytes(text.ReplaceLineEndings("\r\n"));

    static string Lines(int count) => string.Concat(Enumerable.Repeat("The quick brown fox jumps over the lazy dog and comes back for more of it.\n", count));
}
