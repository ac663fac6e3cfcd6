namespace Sasl.Protocols.DovecotAuth;

/// <summary>A line of an auth client, parsed.</summary>
public abstract record ClientCommand
{
    ClientCommand()
    {
    }

    public sealed record Version(int Major, int Minor) : ClientCommand;

    public sealed record ProcessId(int Pid) : ClientCommand;

    /// <param name="Parameters">name or name=value, unescaped; "resp" is not among them.</param>
    public sealed record Auth(uint Id, string Mechanism, string Service, IReadOnlyList<string> Parameters, ClientData Initial) : ClientCommand
    {
        public string? this[string name] => TabLine.Value((string[])Parameters, name);

        public bool Has(string name) => this[name] is not null;
    }

    public sealed record Continue(uint Id, ClientData Data) : ClientCommand;

    public sealed record Cancel(uint Id) : ClientCommand;

    /// <summary>The framing is broken: the connection cannot go on.</summary>
    /// <param name="Reason">For the log; names the field, never its value.</param>
    public sealed record Broken(string Reason) : ClientCommand;
}

/// <summary>SASL data of a client: absent, decoded, or not base64 (which fails the request and nothing else).</summary>
public readonly record struct ClientData(byte[]? Bytes, bool IsInvalid)
{
    public static ClientData None => default;

    public static ClientData Invalid => new(null, true);
}
