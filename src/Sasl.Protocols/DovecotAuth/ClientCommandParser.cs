using System.Buffers.Text;
using System.Text;

namespace Sasl.Protocols.DovecotAuth;

/// <summary>
/// The server's reading of auth-client lines. SASL data goes from the line's bytes to its own array without ever being a string.
/// </summary>
public static class ClientCommandParser
{
    /// <summary>The longest line of a client, as in Dovecot.</summary>
    public const int LongestLine = 16384;

    /// <param name="minor">The client's minor version: before 2 an empty resp= means that there was no initial response.</param>
    public static ClientCommand Parse(ReadOnlySpan<byte> line, int minor)
    {
        var rest = line;
        var verb = Field(ref rest);
        if (verb.SequenceEqual("AUTH"u8))
            return ParseAuth(rest, minor);
        if (verb.SequenceEqual("CONT"u8))
            return ParseContinue(rest, minor);
        if (verb.SequenceEqual("CANCEL"u8))
            return TryId(Field(ref rest), out var id) ? new ClientCommand.Cancel(id) : new ClientCommand.Broken("CANCEL without an id");
        if (verb.SequenceEqual("CPID"u8))
            return TryNumber(Field(ref rest), out var pid) && pid is > 0 and <= int.MaxValue
                ? new ClientCommand.ProcessId((int)pid) : new ClientCommand.Broken("CPID without a pid");
        if (verb.SequenceEqual("VERSION"u8))
            return TryNumber(Field(ref rest), out var major) && TryNumber(Field(ref rest), out var own) && rest.IsEmpty
                ? new ClientCommand.Version((int)Math.Min(major, int.MaxValue), (int)Math.Min(own, int.MaxValue))
                : new ClientCommand.Broken("VERSION without two numbers");
        return new ClientCommand.Broken(line.IsEmpty ? "an empty line" : "an unknown command");
    }

    static ClientCommand ParseAuth(ReadOnlySpan<byte> rest, int minor)
    {
        if (!TryId(Field(ref rest), out var id))
            return new ClientCommand.Broken("AUTH without an id");
        var mechanism = Text(Field(ref rest));
        if (mechanism.Length == 0)
            return new ClientCommand.Broken("AUTH without a mechanism");
        var parameters = new List<string>();
        var initial = ClientData.None;
        while (!rest.IsEmpty)
        {
            var field = Field(ref rest);
            if (field.StartsWith("resp="u8))
            {
                if (!rest.IsEmpty)
                    return new ClientCommand.Broken("parameters after resp");
                initial = Initial(field[5..], minor);
            }
            else
            {
                parameters.Add(Text(field));
            }
        }
        string[] all = [.. parameters];
        // "protocol" is what Dovecot 2.4's own clients call it.
        return (TabLine.Value(all, "service") ?? TabLine.Value(all, "protocol")) is { Length: > 0 } service
            ? new ClientCommand.Auth(id, mechanism, service, all, initial)
            : new ClientCommand.Broken("AUTH without a service");
    }

    static ClientCommand ParseContinue(ReadOnlySpan<byte> rest, int minor)
    {
        if (rest.IsEmpty || !TryId(Field(ref rest, out var more), out var id))
            return new ClientCommand.Broken("CONT without an id");
        if (!more)
            return new ClientCommand.Broken("CONT without data");
        var field = Field(ref rest, out more);
        if (minor < AuthVersion.ChannelBindings)
            return new ClientCommand.Continue(id, more ? ClientData.Invalid : Decode(field));
        var data = field.SequenceEqual("#"u8) ? ClientData.OutOfBand : Decode(field);
        var binding = ClientData.None;
        while (!rest.IsEmpty)
        {
            field = Field(ref rest);
            if (field.StartsWith("channel_binding="u8) && field.Length > 16)
                binding = Decode(field[16..]);
        }
        return new ClientCommand.Continue(id, data, binding);
    }

    /// <summary>Absent, empty and "=" are three things, and the version decides about the second.</summary>
    static ClientData Initial(ReadOnlySpan<byte> value, int minor) =>
        value.SequenceEqual("="u8) || (value.IsEmpty && minor >= AuthVersion.EmptyResponses) ? new ClientData([], false)
        : value.IsEmpty ? ClientData.None
        : Decode(value);

    /// <summary>RFC 4648 §4, strictly: no blanks, padding where it belongs.</summary>
    static ClientData Decode(ReadOnlySpan<byte> base64)
    {
        if (base64.IsEmpty)
            return new([], false);
        if (base64.Length % 4 != 0 || base64.IndexOfAny(" \r\n"u8) >= 0)
            return ClientData.Invalid;
        var length = base64.Length / 4 * 3 - (base64[^1] == '=' ? 1 : 0) - (base64[^2] == '=' ? 1 : 0);
        var bytes = new byte[length];
        return Base64.DecodeFromUtf8(base64, bytes, out _, out var written) == System.Buffers.OperationStatus.Done && written == length
            ? new(bytes, false)
            : ClientData.Invalid;
    }

    static ReadOnlySpan<byte> Field(ref ReadOnlySpan<byte> rest) => Field(ref rest, out _);

    static ReadOnlySpan<byte> Field(ref ReadOnlySpan<byte> rest, out bool more)
    {
        var tab = rest.IndexOf((byte)'\t');
        more = tab >= 0;
        var field = more ? rest[..tab] : rest;
        rest = more ? rest[(tab + 1)..] : default;
        return field;
    }

    static string Text(ReadOnlySpan<byte> field) => TabLine.Unescape(Encoding.UTF8.GetString(field));

    static bool TryId(ReadOnlySpan<byte> field, out uint id) => TryNumber(field, out id) && id != 0;

    static bool TryNumber(ReadOnlySpan<byte> field, out uint number) =>
        Utf8Parser.TryParse(field, out number, out var used) && used == field.Length && field.Length > 0;
}
