using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using BenchmarkDotNet.Attributes;
using Sasl.Hosting.Net;

namespace Micro;

/// <summary>What every protocol reads with: 100 command lines, and one message of 64 kB with dots in it.</summary>
[MemoryDiagnoser]
public class LineReaderBenchmarks
{
    const int Lines = 100;

    readonly ReadOnlySequence<byte> _lines = new(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("a12 FETCH 1:* (FLAGS ENVELOPE)\r\n", Lines))));
    readonly ReadOnlySequence<byte> _message = new(Encoding.ASCII.GetBytes(
        string.Concat(Enumerable.Repeat("..A line that began with a dot, and ordinary text after it up to the end.\r\n", 860)) + ".\r\n"));

    [Benchmark(OperationsPerInvoke = Lines)]
    public async Task<int> ReadLine()
    {
        using var reader = new LineReader(PipeReader.Create(_lines), TimeProvider.System);
        var bytes = 0;
        for (var i = 0; i < Lines; i++)
            bytes += (await reader.ReadLineAsync(8192)).Bytes.Length;
        return bytes;
    }

    [Benchmark]
    public async Task<long> ReadDotBlock64k()
    {
        using var reader = new LineReader(PipeReader.Create(_message), TimeProvider.System);
        return (await reader.ReadDotBlockAsync((_, _) => ValueTask.CompletedTask, 1 << 20)).Size;
    }
}
