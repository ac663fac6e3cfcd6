using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sasl.Protocols.Audit;

/// <summary>
/// A line of the audit log: JSON in ASCII, whatever a client has sent, with the seal of the line before ("prev") and, last, its own ("mac"): a keyed hash
/// of all that stands in front of it. Who has not the key can neither change a line nor make one, nor take one out of the middle.
/// </summary>
public sealed class AuditLine
{
    /// <summary>No line of ours is longer.</summary>
    public const int LongestLine = 32 * 1024;

    public const int KeySize = 32;

    const int SealSize = 16, LongestText = 256;

    /// <summary>What stands for the line before the first one.</summary>
    public static readonly string NoSeal = new('0', SealSize * 2);

    AuditLine(AuditEntry entry, string previous, string seal, bool isGenuine) => (Entry, Previous, Seal, IsGenuine) = (entry, previous, seal, isGenuine);

    public AuditEntry Entry { get; }

    /// <summary>The seal of the line before.</summary>
    public string Previous { get; }

    public string Seal { get; }

    /// <summary>The seal is this line's, made with the key.</summary>
    public bool IsGenuine { get; }

    static ReadOnlySpan<byte> SealName => ",\"mac\":\""u8;

    /// <summary>Writes the line with its LF; returns its seal, for the next one.</summary>
    public static string Write(AuditEntry entry, string previous, ReadOnlySpan<byte> key, IBufferWriter<byte> output)
    {
        var line = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(line))
            Write(json, entry, previous);
        // All but the closing brace: the seal comes last, so that it covers everything in front of it as it stands.
        var sealedPart = line.WrittenSpan[..^1];
        var seal = SealOf(sealedPart, key);
        output.Write(sealedPart);
        output.Write(SealName);
        output.Write(Encoding.ASCII.GetBytes(seal));
        output.Write("\"}\n"u8);
        return seal;
    }

    /// <summary>Null when it is no line of an audit log: damaged, or cut short.</summary>
    /// <param name="line">Without its LF.</param>
    public static AuditLine? TryParse(ReadOnlySpan<byte> line, ReadOnlySpan<byte> key)
    {
        var sealAt = line.LastIndexOf(SealName);
        if (line.Length > LongestLine || sealAt < 0 || line.Length != sealAt + SealName.Length + (SealSize * 2) + 2 || !line.EndsWith("\"}"u8))
            return null;
        var seal = Encoding.ASCII.GetString(line.Slice(sealAt + SealName.Length, SealSize * 2));
        if (Read(line) is not var (entry, previous))
            return null;
        var own = SealOf(line[..sealAt], key);
        return new(entry, previous, seal, CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(own), Encoding.ASCII.GetBytes(seal)));
    }

    static string SealOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        Span<byte> mac = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, text, mac);
        return Convert.ToHexStringLower(mac[..SealSize]);
    }

    static void Write(Utf8JsonWriter json, AuditEntry entry, string previous)
    {
        json.WriteStartObject();
        json.WriteNumber("seq", entry.Sequence);
        json.WriteString("time", entry.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        json.WriteString("event", entry.Event);
        Text(json, "result", entry.Result);
        Text(json, "user", entry.User);
        Text(json, "given", entry.Given);
        Text(json, "master", entry.Master);
        Text(json, "ip", entry.Address);
        Text(json, "service", entry.Service);
        Text(json, "mech", entry.Mechanism);
        Text(json, "security", entry.Security);
        Text(json, "reason", entry.Reason);
        Text(json, "passdb", entry.Passdb);
        Text(json, "app", entry.AppPassword);
        Text(json, "session", entry.Session);
        if (entry.Event == AuditEntry.Login)
            json.WriteNumber("ms", entry.Took);
        if (entry.Count != 0)
            json.WriteNumber("count", entry.Count);
        if (entry.IsAfterTorn)
            json.WriteBoolean("torn", true);
        json.WriteString("prev", previous);
        json.WriteEndObject();
    }

    static void Text(Utf8JsonWriter json, string name, string text)
    {
        if (text.Length > 0)
            json.WriteString(name, text.Length > LongestText ? text.AsSpan(0, LongestText) : text);
    }

    static (AuditEntry Entry, string Previous)? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            var (texts, numbers, isTorn) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, long>(StringComparer.Ordinal), false);
            var json = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 2 });
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName)
                    continue;
                var name = json.GetString()!;
                json.Read();
                if (json.TokenType == JsonTokenType.String)
                    texts[name] = json.GetString()!;
                else if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number))
                    numbers[name] = number;
                else
                    isTorn |= name == "torn" && json.TokenType == JsonTokenType.True;
            }
            if (!numbers.TryGetValue("seq", out var sequence) || !texts.TryGetValue("prev", out var previous)
                || !DateTimeOffset.TryParse(texts.GetValueOrDefault("time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                return null;
            string Of(string name) => texts.GetValueOrDefault(name, "");
            return (new()
            {
                Sequence = sequence, Time = time, Event = Of("event"), Result = Of("result"), User = Of("user"), Given = Of("given"), Master = Of("master"), Address = Of("ip"),
                Service = Of("service"), Mechanism = Of("mech"), Security = Of("security"), Reason = Of("reason"), Passdb = Of("passdb"), AppPassword = Of("app"), Session = Of("session"),
                Took = numbers.GetValueOrDefault("ms"), Count = numbers.GetValueOrDefault("count"), IsAfterTorn = isTorn,
            }, previous);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
