// The fuzzer: one table of targets, two drivers.
//
//   dotnet run --project tests/Fuzz -- TARGET|all [--runs N] [--first N] [--seed S] [--minutes M]   own driver: deterministic mutations of the seeds
//   dotnet run --project tests/Fuzz -- TARGET --replay FILE                                         one input again
//   dotnet run --project tests/Fuzz -- TARGET --seeds DIRECTORY                                     writes the seeds, for AFL++'s -i
//   dotnet run --project tests/Fuzz -- TARGET --scale                                               patterns whose work grows faster than they do
//   afl-fuzz … dotnet Fuzz.dll TARGET --afl                                                         coverage-guided, see README.md
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Fuzz;

static class Program
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    public static int Main(string[] args)
    {
        // Before anything of the instrumented assemblies is touched: their memory for the fuzzer is made in there.
        if (args is [var name, "--afl"])
            return Afl(name);
        var options = Options(args);
        if (args.Length == 0 || options is null)
        {
            Console.Error.WriteLine("usage: Fuzz TARGET|all [--runs N] [--first N] [--seed S] [--minutes M] [--size N] | TARGET --replay FILE | TARGET --seeds DIRECTORY | TARGET --scale | TARGET --afl\ntargets: " + string.Join(' ', Targets.All.Select(t => t.Name)));
            return 64;
        }
        if (args[0] == "all")
            return Targets.All.Max(t => Drive(t, options));
        if (Targets.Find(args[0]) is not { } target)
        {
            Console.Error.WriteLine($"no target {args[0]}");
            return 64;
        }
        if (options.TryGetValue("--replay", out var file))
            return Replay(target, file.EndsWith(".last", StringComparison.Ordinal) ? LastInput.Read(file) : File.ReadAllBytes(file));
        if (options.TryGetValue("--seeds", out var directory))
            return WriteSeeds(target, directory);
        if (options.ContainsKey("--scale"))
            return Scale(target);
        return Drive(target, options);
    }

    static int Drive(Target target, Dictionary<string, string> options)
    {
        int Number(string name, int fallback) => options.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;
        var (seed, first, minutes, size) = (Number("--seed", 1), Number("--first", 0), Number("--minutes", 0), Number("--size", Driver.LongestInput));
        var runs = Number("--runs", minutes > 0 ? int.MaxValue : target.IsSlow ? 2_000 : 100_000);
        var clock = Stopwatch.StartNew();
        using var last = new LastInput($"{target.Name}.last", size);
        using var dog = new Watchdog(_patience, () =>
        {
            Console.Error.WriteLine($"{target.Name}: a run does not end; its input: --replay {target.Name}.last");
            Environment.Exit(2);
        });
        var done = 0;
        for (; done < runs && (minutes == 0 || clock.Elapsed < TimeSpan.FromMinutes(minutes)); done += 100)
        {
            var failure = Driver.Run(target, seed, first + done, Math.Min(100, runs - done), size, input =>
            {
                last.Keep(input);
                dog.Reset();
            });
            if (failure is not null)
                return Report(target, failure);
        }
        Console.WriteLine($"{target.Name}: {Math.Min(done, runs)} runs with seed {seed}, {Math.Min(done, runs) / clock.Elapsed.TotalSeconds:0}/s");
        File.Delete($"{target.Name}.last");
        return 0;
    }

    static int Report(Target target, Failure failure)
    {
        var input = Driver.Shorten(target, failure);
        var exception = Driver.Once(target, input) ?? failure.Exception;
        var file = $"{target.Name}.{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(input))[..12]}";
        File.WriteAllBytes(file, input);
        Console.Error.WriteLine($"{target.Name}: {exception}\ninput: {Encoding.Latin1.GetString(input[..Math.Min(400, input.Length)]).Replace("\r", "\\r").Replace("\n", "\\n").Replace("\0", "\\0")}\nagain: dotnet run --project tests/Fuzz -- {target.Name} --replay {Path.GetFullPath(file)}");
        return 1;
    }

    static int Replay(Target target, byte[] input)
    {
        if (Driver.Once(target, input) is not { } exception)
            return 0;
        Console.Error.WriteLine(exception);
        return 1;
    }

    static int WriteSeeds(Target target, string directory)
    {
        Directory.CreateDirectory(directory);
        for (var i = 0; i < target.Seeds.Length; i++)
            File.WriteAllBytes(Path.Combine(directory, $"{i:00}"), Encoding.Latin1.GetBytes(target.Seeds[i]));
        return 0;
    }

    static int Scale(Target target)
    {
        foreach (var line in Scaling.Allocations(target).Concat(Scaling.Times(target)))
            Console.WriteLine($"{target.Name}: {line.Replace("\r", "\\r").Replace("\n", "\\n")}");
        return 0;
    }

    static int Afl(string name)
    {
        SharpFuzz.Fuzzer.OutOfProcess.Run(stream =>
        {
            using var input = new MemoryStream();
            stream.CopyTo(input);
            if (Driver.Once(Targets.Find(name)!, input.ToArray()) is { } exception)
                throw exception;
        });
        return 0;
    }

    /// <summary>"--name value" pairs behind the target; null when one is not known.</summary>
    static Dictionary<string, string>? Options(string[] args)
    {
        var options = new Dictionary<string, string>();
        for (var i = 1; i < args.Length; i++)
        {
            if (args[i] == "--scale")
                options[args[i]] = "";
            else if (args[i] is "--runs" or "--first" or "--seed" or "--minutes" or "--size" or "--replay" or "--seeds" && i + 1 < args.Length)
                options[args[i]] = args[++i];
            else
                return null;
        }
        return options;
    }
}
