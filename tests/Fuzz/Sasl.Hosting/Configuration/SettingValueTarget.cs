using System.Net;
using Sasl.Hosting.Configuration;

namespace Fuzz;

/// <summary>Times, sizes, lists and networks of settings: a reading or a refusal.</summary>
static class SettingValueTarget
{
    public static readonly string[] Seeds = ["30s", "5 mins", "99999999999999w", "10M", "8388608T", "a, { b c }, d", "192.0.2.0/24", "[2001:db8::]/32", "2001:db8::1/33", "10.0.0.0/99999", "{{}"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var text = Bytes.Utf8(input);
        if (SettingValue.TryParseTime(text, 's', out var time))
            Check.That(time >= TimeSpan.Zero, "a negative time");
        if (SettingValue.TryParseSize(text, out var size))
            Check.That(size >= 0, "a negative size");
        Check.That(SettingValue.SplitList(text).Sum(w => (long)w.Length) <= text.Length, "a list longer than its text");
        if (NetworkPattern.Parse(text, demandBrackets: true, out var error) is { } network)
        {
            Check.That(error is null && network.Contains(network.Network), "a network does not hold itself");
            _ = network.Contains(IPAddress.Loopback) || network.Contains(IPAddress.IPv6Loopback);
        }
    }
}
