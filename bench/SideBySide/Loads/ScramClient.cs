using System.Security.Cryptography;
using System.Text;
using Sasl.Mechanisms;
using SideBySide.Contenders;

namespace SideBySide.Loads;

/// <summary>SCRAM-SHA-256 logins over an auth socket. The keys are derived once: the client's time is no server's.</summary>
sealed class ScramClient(string path, int number, string user, ScramSecret secret) : AuthConnection(path, number)
{
    readonly byte[] _clientKey = HMACSHA256.HashData(
        Rfc2898DeriveBytes.Pbkdf2(BenchUsers.Password, secret.Salt.Span, secret.Iterations, HashAlgorithmName.SHA256, 32), "Client Key"u8);
    int _id;

    public void LogIn()
    {
        var first = $"n={user},r={Convert.ToHexString(RandomNumberGenerator.GetBytes(12))}";
        Send(Encoding.ASCII.GetBytes($"AUTH\t{++_id}\tSCRAM-SHA-256\tservice=smtp\tnologin\tlip=127.0.0.1\trip=127.0.0.1\tresp={Encode($"n,,{first}")}\n"));
        var challenge = Data(Expect("CONT\t"u8));
        var unproven = $"c=biws,r={challenge[2..challenge.IndexOf(',')]}";
        var proof = HMACSHA256.HashData(secret.StoredKey.Span, Encoding.ASCII.GetBytes($"{first},{challenge},{unproven}"));
        for (var i = 0; i < proof.Length; i++)
            proof[i] ^= _clientKey[i];
        Send(Encoding.ASCII.GetBytes($"CONT\t{_id}\t{Encode($"{unproven},p={Convert.ToBase64String(proof)}")}\n"));
        if (!Data(Expect("CONT\t"u8)).StartsWith("v=", StringComparison.Ordinal))
            throw new BenchException("no server signature");
        Send(Encoding.ASCII.GetBytes($"CONT\t{_id}\t\n"));
        Expect("OK\t"u8);
    }

    static string Encode(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));

    static string Data(ReadOnlySpan<byte> line) => Encoding.ASCII.GetString(Convert.FromBase64String(Encoding.ASCII.GetString(line[(line.LastIndexOf((byte)'\t') + 1)..])));
}
