namespace Sasl.Protocols.DovecotAuth;

/// <summary>What the server said before DONE.</summary>
/// <param name="ServerPid">SPID.</param>
/// <param name="Cookie">COOKIE: proves to the server, later and on another socket, that a request was made on this connection.</param>
public sealed record AuthHandshake(int Minor, IReadOnlyList<OfferedMechanism> Mechanisms, int ServerPid, string ConnectionId, string Cookie);

/// <summary>Takes the lines of a server's greeting one by one.</summary>
public sealed class AuthHandshakeReader
{
    readonly List<OfferedMechanism> _mechanisms = [];
    int _minor = -1, _pid;
    string _connectionId = "", _cookie = "";

    /// <summary>Set after DONE.</summary>
    public AuthHandshake? Result { get; private set; }

    /// <summary>What is wrong with the line, or null. Unknown lines are ignored, as every client of this protocol does.</summary>
    public string? Take(ReadOnlySpan<string> fields)
    {
        switch (fields[0])
        {
            case "VERSION":
                if (fields.Length < 3 || !int.TryParse(fields[1], out var major) || !int.TryParse(fields[2], out _minor))
                    return "malformed VERSION line";
                return major == 1 ? null : $"protocol version {major} is not ours";
            case "MECH":
                if (OfferedMechanism.TryParse(fields[1..]) is { } mechanism)
                    _mechanisms.Add(mechanism);
                return null;
            case "SPID":
                // Both Postfix and Exim know a master socket by this.
                if (_mechanisms.Count == 0)
                    return "wrong socket: SPID before any MECH (auth-master instead of auth-client?)";
                return fields.Length > 1 && int.TryParse(fields[1], out _pid) ? null : "malformed SPID line";
            case "CUID":
                _connectionId = fields.Length > 1 ? fields[1] : "";
                return null;
            case "COOKIE":
                _cookie = fields.Length > 1 ? fields[1] : "";
                return null;
            case "DONE" when _minor < 0:
                return "DONE without VERSION";
            case "DONE":
                Result = new(_minor, _mechanisms, _pid, _connectionId, _cookie);
                return null;
            default:
                return null;
        }
    }
}
