namespace Sasl.Protocols.Saslauthd;

/// <summary>The first byte of each packet between saslauthd and a worker.</summary>
public static class WorkerVerb
{
    /// <summary>To the worker: what it is made from (-O, settings in pieces, files in pieces), then that it shall begin.</summary>
    public const byte Option = (byte)'O', Settings = (byte)'S', File = (byte)'F', Go = (byte)'G';

    /// <summary>From the worker: it is ready, or the reason why it cannot be.</summary>
    public const byte Ready = (byte)'R', Problem = (byte)'P';

    public const byte Query = (byte)'Q', Answer = (byte)'A';
}
