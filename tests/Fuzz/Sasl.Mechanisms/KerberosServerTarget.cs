using System.Text;
using Sasl.Mechanisms;

namespace Fuzz;

/// <summary>
/// GSSAPI and GSS-SPNEGO, as servers, against any first token, and against any message after it. The parser is the system's library, which has a keytab and
/// needs no KDC. Nobody has a ticket for that key: nobody gets in, and nothing the token says ends a line of the log.
/// </summary>
static class KerberosServerTarget
{
    static readonly SaslSettings _settings = new() { Keytab = MakeKeytab(), Policy = new() { MaxSsf = 256 } };

    public static Target For(string mechanism) =>
        new("sasl-server-" + mechanism.ToLowerInvariant(), input => Run(mechanism, input), ["", "`", .. Tokens.Select(t => Encoding.Latin1.GetString(Convert.FromBase64String(t)))])
        {
            IsSlow = true, MostPerByte = 0,
        };

    static void Run(string mechanism, ReadOnlySpan<byte> input)
    {
        using var session = new SaslServerSession(SaslMechanisms.Find(mechanism)!, new OneUser(), null, _settings);
        var message = input.ToArray();
        for (var steps = 0; steps < 10; steps++)
        {
            if (SaslServerTarget.Step(session.StepAsync(message)).Outcome is not { } outcome)
                continue;
            Check.That(outcome is SaslOutcome.Failure { Kind: not FailureKind.Temporary }, $"no refusal: {outcome}");
            Check.IsOneLine(((SaslOutcome.Failure)outcome).Reason, "a reason");
            return;
        }
        throw new FlawException("an exchange without an end");
    }

    /// <summary>One key of imap/localhost@TEST.LOCAL, all zeros, in MIT's format 2.</summary>
    static string MakeKeytab()
    {
        byte[] entry =
        [
            0, 2, .. Counted("TEST.LOCAL"), .. Counted("imap"), .. Counted("localhost"), 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 18, 0, 32, .. new byte[32],
        ];
        var directory = Directory.CreateTempSubdirectory("fuzz-keytab-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => directory.Delete(recursive: true);
        var file = Path.Combine(directory.FullName, "keytab");
        File.WriteAllBytes(file, [5, 2, 0, 0, 0, (byte)entry.Length, .. entry]);
        return file;

        static byte[] Counted(string text) => [0, (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
    }

    // Real tokens for another key of that service: Kerberos, and the same in SPNEGO.
    static readonly string[] Tokens =
    [
        "YIICtAYJKoZIhvcSAQICAQBuggKjMIICn6ADAgEFoQMCAQ6iBwMFACAAAACjggG4YYIBtDCCAbCgAwIBBaEMGwpURVNULkxPQ0FMohwwGqADAgEDoRMwERsEaW1hcBsJbG9jYWxob3N0o4IBezCCAX" +
        "egAwIBEqEDAgECooIBaQSCAWWbtbddCT5TZdX0pEif+FyVQZS/e2hlOU0X5nxJBNY0v3Tc9HpScRrYriPec2Mw/pgceo0PvRlGA0ThK8shLd3k80HocOc9KXIwzsyZ+ia1+Bn2DQlVpZag/m7jLWlb" +
        "mnkbv2T1zKzSHa/WaT+9np6MzmWkKoKptFsVHbHAvRT4J4BUL3XxufL4FmE5r7U2edV6xf9LvhzaNKKu9hyk20uXg84rkFbYL5JPZg8W7/W+43E2rO2WE3Z00rnn99gxZVKJrDkQVU1ESWdSQA34O3" +
        "Dz/fvyqzb0dD5L1zWs89ERQiqK+hlXH54OXjl1iJhSUWr6/Tbp+eNbX6tk4hV7Dlg2FABwkfqw5kdmLo00c8WKhFridmMZXSJ3eEBaZ0OI+Ib0ornX2RxQRi83w/bSKUFhPYG9keZJBmPh8wdlL/Iq" +
        "ll54RSL38w0yIxGA8xmAOEm/k4EXXVpzI1CLsmr6c1wi2N9cfymkgc0wgcqgAwIBEqKBwgSBv8RF6CrvV+GfYEKJdoApvv5wZWckXPlyJJl7ksltptdQEbtBBshLG8R7yh4YVwlAvmj5Dne5/LO3Kk" +
        "45aiTWQUwKVgNvn+mtFy8pt/9jekMuKsZ4UQ8a/kbWlwbBpkdpORDz71nJMXAT73Kqu78Sd4JtM1hake3jMKsKSknOtdCCBQOQzh4EieB3mS6Em5qF5mRan+6fo0jm++3HXR9T+zYIycvVxTQ6787G" +
        "xhyG7Q474+wWcgBraPFePSiiWnth",
        "YIIC3wYGKwYBBQUCoIIC0zCCAs+gDTALBgkqhkiG9xIBAgKiggK8BIICuGCCArQGCSqGSIb3EgECAgEAboICozCCAp+gAwIBBaEDAgEOogcDBQAgAAAAo4IBuGGCAbQwggGwoAMCAQWhDBsKVEVTVC" +
        "5MT0NBTKIcMBqgAwIBA6ETMBEbBGltYXAbCWxvY2FsaG9zdKOCAXswggF3oAMCARKhAwIBAqKCAWkEggFlm7W3XQk+U2XV9KRIn/hclUGUv3toZTlNF+Z8SQTWNL903PR6UnEa2K4j3nNjMP6YHHqN" +
        "D70ZRgNE4SvLIS3d5PNB6HDnPSlyMM7MmfomtfgZ9g0JVaWWoP5u4y1pW5p5G79k9cys0h2v1mk/vZ6ejM5lpCqCqbRbFR2xwL0U+CeAVC918bny+BZhOa+1NnnVesX/S74c2jSirvYcpNtLl4POK5" +
        "BW2C+ST2YPFu/1vuNxNqztlhN2dNK55/fYMWVSiaw5EFVNRElnUkAN+Dtw8/378qs29HQ+S9c1rPPREUIqivoZVx+eDl45dYiYUlFq+v026fnjW1+rZOIVew5YNhQAcJH6sOZHZi6NNHPFioRa4nZj" +
        "GV0id3hAWmdDiPiG9KK519kcUEYvN8P20ilBYT2BvZHmSQZj4fMHZS/yKpZeeEUi9/MNMiMRgPMZgDhJv5OBF11acyNQi7Jq+nNcItjfXH8ppIHNMIHKoAMCARKigcIEgb+bqM7dg1kHj8DdYRQFto" +
        "vOiSqv9sWjjbUHg3epzwhrW5JScl14xGTit0qIsUVZGgTTh0BhLyeWFo/N3iyQQNlYhVHbizXKgU3YLRqvbw6G9C66xcd1IV1RbHU2ewynkyF/TcfdwFrFzZWDU/7GCL1Ku4w2eyVeCdI/N+T5Rbf2" +
        "xMOX42ahWJ/BLos+yLIorm24RqdB/Dw2a+EB/EEZrwPznyFYHIGeKBS/Cq/C7TtiHhY46RIeikBYYl1e7Je+zw==",
    ];
}
