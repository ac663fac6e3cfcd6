using Sasl.Protocols.Saslauthd;

namespace Fuzz;

/// <summary>The packets between saslauthd and its workers: any bytes are a packet or none, and what is one is the same after another round.</summary>
static class WorkerFramesTarget
{
    public static readonly string[] Seeds =
    [
        "Q\0\0\0\u0001\u0001\0\u0001u\0\u0001p\0\u0004smtp\0\u0001r\0\u0009192.0.2.7", "A\0\0\0\u0007\u0001\0\u0003why\0\u0006a step\0\0", "R", "A\0\0\0\0\0\u00ff\u00ff",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (WorkerAnswer.Parse(input) is { } answer)
        {
            var again = WorkerAnswer.Parse(answer.Encode());
            Check.That(again is not null && again.Id == answer.Id && again.Kind == answer.Kind, "an answer changes");
        }
        if (WorkerQuery.Parse(input.ToArray()) is { } query)
        {
            Check.That(query.Request.Login.Length > 0 && !query.Request.Password.IsEmpty, "a query without login or password");
            Check.That(WorkerQuery.Parse(query.Encode()!) is { } again && again.Request.Login == query.Request.Login, "a query changes");
        }
    }
}
