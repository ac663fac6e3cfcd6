using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Xml.Linq;
using Testing;

namespace Samples.Tests;

/// <summary>What "make pack" makes.</summary>
public sealed class PackageTests
{
    [Fact]
    public async Task The_package_has_what_it_should_and_needs_nothing()
    {
        using var folder = new TemporaryDirectory();
        await PackAsync(folder.Path);
        var file = Assert.Single(Directory.GetFiles(folder.Path, "*.nupkg"));
        using var package = ZipFile.OpenRead(file);
        var names = package.Entries.Select(e => e.FullName).ToArray();
        Assert.Contains("lib/net10.0/Sasl.Mechanisms.dll", names);
        Assert.Contains("lib/net10.0/Sasl.Mechanisms.xml", names);
        Assert.Contains("README.md", names);
        var nuspec = XDocument.Load(package.Entries.Single(e => e.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open()).Descendants().ToArray();
        Assert.DoesNotContain(nuspec, e => e.Name.LocalName == "dependency");
        Assert.Equal("MIT", nuspec.Single(e => e.Name.LocalName == "license").Value);
        Assert.DoesNotContain(nuspec, e => e.Value.Contains(Binaries.Root, StringComparison.Ordinal));
        using var symbols = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(folder.Path, "*.snupkg")));
        Assert.Contains(symbols.Entries, e => e.FullName == "lib/net10.0/Sasl.Mechanisms.pdb");
    }

    [Fact]
    public async Task The_same_sources_give_the_same_assembly_wherever_they_are()
    {
        using var one = new TemporaryDirectory();
        using var other = new TemporaryDirectory();
        await PackAsync(one.Path, CopySources(one.Path));
        await PackAsync(other.Path, CopySources(other.Path));
        Assert.Equal(Hash(one.Path), Hash(other.Path));
    }

    static string CopySources(string to)
    {
        var root = Path.Combine(to, "checkout");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Binaries.Root, "src", "Sasl.Mechanisms"), "*", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(Binaries.Root, "Directory.*")).Append(Path.Combine(Binaries.Root, "global.json")).Append(Path.Combine(Binaries.Root, ".editorconfig")))
        {
            var target = Path.Combine(root, Path.GetRelativePath(Binaries.Root, file));
            if (target.Contains("/bin/", StringComparison.Ordinal) || target.Contains("/obj/", StringComparison.Ordinal))
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return root;
    }

    static string Hash(string folder)
    {
        using var package = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(folder, "*.nupkg")));
        using var assembly = package.GetEntry("lib/net10.0/Sasl.Mechanisms.dll")!.Open();
        return Convert.ToHexString(SHA256.HashData(assembly));
    }

    static async Task PackAsync(string to, string? root = null)
    {
        using var pack = Process.Start(new ProcessStartInfo("dotnet",
            ["pack", Path.Combine(root ?? Binaries.Root, "src", "Sasl.Mechanisms"), "-c", "Release", "-o", to, "-v", "q", .. root is null ? new[] { "--no-build" } : []])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var errors = pack.StandardError.ReadToEndAsync(late.Token);
        var output = await pack.StandardOutput.ReadToEndAsync(late.Token);
        await pack.WaitForExitAsync(late.Token);
        Assert.True(pack.ExitCode == 0, output + await errors);
    }
}
