using Sasl.Protocols.Saslauthd;

namespace Fuzz;

/// <summary>Requests and replies of the control socket: any bytes are one or none, and what is one is the same after another round.</summary>
static class ControlTarget
{
    public static readonly string[] Seeds = ["S", "D", "F", "F\0\u0003bob", "F\0\u0003bob\0\0", "F\0\u0003bob\0\u0001r", "E\0\u0001u\0\u0001p\0\0\0\0", "cache\thits\t3\nOK\n", "NO\twhy\n", "a\u0001tb\n\nOK\n", "OK"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (ControlRequest.Parse(input.ToArray()) is { } request)
        {
            var again = ControlRequest.Parse(request.Encode()!)!.Value;
            Check.That(again with { Question = default } == request with { Question = default } && again.Question.Span.SequenceEqual(request.Question.Span), "a request changes");
        }
        if (ControlReply.Parse(input) is { } reply)
        {
            var again = ControlReply.Parse(reply.Encode())!;
            Check.That(again.Problem == reply.Problem && again.Rows.Count == reply.Rows.Count, "a reply changes");
            Check.That(again.Rows.Zip(reply.Rows).All(p => p.First.SequenceEqual(p.Second)), "a row changes");
        }
    }
}
