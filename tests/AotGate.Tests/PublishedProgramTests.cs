using System.Diagnostics;
using Testing;

namespace AotGate.Tests;

/// <summary>The binaries of "make build": native, without one trim or AOT warning, and alive.</summary>
public sealed class PublishedProgramTests
{
    public static TheoryData<string> Programs => ["saslauthd", "saslworker", "testsaslauthd", "authserver", "mailsupervisor", "mailservers", "mailctl"];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_published_program_passes_its_self_test(string program)
    {
        using var process = Process.Start(new ProcessStartInfo(Binaries.Path(program), "--self-test") { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_published_program_is_native(string program)
    {
        var image = File.ReadAllBytes(Binaries.Path(program));
        Assert.Equal("\u007fELF"u8.ToArray(), image[..4]);
        Assert.False(File.Exists(Binaries.Path(program) + ".dll"), "a JIT build lies in artifacts/bin; run make build without JIT=1");
        Assert.True(image.Length > 1_000_000, "too small to be a native program");
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_program_was_published_without_a_warning(string program)
    {
        var log = File.ReadAllText(Path.Combine(Binaries.Root, "artifacts", "log", $"publish-{program}.log"));
        Assert.DoesNotContain("warning IL", log);
        Assert.DoesNotContain("warning AOT", log);
        Assert.Contains($"{program} ->", log, StringComparison.OrdinalIgnoreCase);
    }
}
