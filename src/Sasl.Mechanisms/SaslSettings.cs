using System.Security.Cryptography;

namespace Sasl.Mechanisms;

/// <summary>What a host settles once for all its exchanges. Every default is a safe one.</summary>
public sealed record SaslSettings
{
    /// <summary>The defaults, with decoys that last as long as the process.</summary>
    public static SaslSettings Default { get; } = new();

    /// <summary>Which mechanisms may be used, and how.</summary>
    public SaslPolicy Policy { get; init; } = SaslPolicy.Default;

    /// <summary>From the first step to the outcome. Who is slower gets <see cref="FailureKind.Temporary"/>.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(150);

    /// <summary>PBKDF2 rounds below which neither side goes (RFC 7677 §4: 4096).</summary>
    public int LeastIterations { get; init; } = 4096;

    /// <summary>PBKDF2 rounds above which neither side goes: an attacker's number would be our work.</summary>
    public int MostIterations { get; init; } = 1_000_000;

    /// <summary>Rounds for keys that are derived from a cleartext password, and shown for users that do not exist: what most users' keys have.</summary>
    public int Iterations { get; init; } = 4096;

    /// <summary>
    /// Key of what is made up for users that do not exist and of salts for cleartext secrets. Keep it for good, and the same on all servers:
    /// a salt that changes between two attempts tells that it is made up.
    /// </summary>
    public ReadOnlyMemory<byte> DecoyKey { get; init; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>How names are prepared before they are looked up or sent. Without preparation two spellings are two users.</summary>
    public StringPreparation NamePreparation { get; init; } = StringPreparation.SaslPrep;

    /// <summary>How passwords are prepared before they are hashed: both sides and whoever stored the secret must do the same (RFC 5802 §2.2).</summary>
    public StringPreparation PasswordPreparation { get; init; } = StringPreparation.SaslPrep;

    /// <summary>The realms that DIGEST-MD5 offers; none: the channel's host name.</summary>
    public IReadOnlyList<string> Realms { get; init; } = [];

    /// <summary>
    /// The names by which clients reach this server. DIGEST-MD5 then refuses a response that was meant for another host, which stops a server
    /// that the user trusts with the same password from logging in here with it. Empty: not compared, as with most servers, because clients
    /// come by aliases and addresses that only the administrator knows.
    /// </summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Server: lets DIGEST-MD5 clients log in again in one round trip; null: every login answers a new challenge.</summary>
    public DigestServerNonces? DigestServerNonces { get; init; }

    /// <summary>Client: remembers DIGEST-MD5 logins for the next one to the same server; null: nothing is remembered.</summary>
    public DigestClientNonces? DigestClientNonces { get; init; }

    /// <summary>The hash of the challenges that OTP makes up for users that do not exist: what most users' sequences are made with.</summary>
    public OtpHash OtpAlgorithm { get; init; } = OtpHash.Md5;

    /// <summary>
    /// OTP as a client: a challenge for a number below this is answered with a new sequence of 499 logins of the same pass-phrase, if that has 10 bytes
    /// or more. 0: never; whoever carries a list of one-time passwords on paper would find it worthless. Use it under TLS only: who sits in the middle
    /// could put a sequence of his own in its place.
    /// </summary>
    public int OtpRenewBelow { get; init; }

    internal OtpDecoyLocks OtpDecoyLocks { get; } = new();

    /// <summary>Most bytes of one packet that we take once a security layer is on (RFC 4422 §3.7); 0 forbids layers.</summary>
    public int LongestPacket { get; init; } = 65536;

    /// <summary>What a server tells a client whose bearer token was refused (RFC 7628 §3.2.2): where to get a good one, and its scope.</summary>
    public string? OpenIdConfiguration { get; init; }

    /// <inheritdoc cref="OpenIdConfiguration"/>
    public string? OAuthScope { get; init; }

    /// <summary>File with the acceptor's Kerberos keys; null: the system's default.</summary>
    public string? Keytab { get; init; }

    /// <summary>The only service whose Kerberos key accepts, "smtp@host.example"; null: every key of the keytab, for clients call one service by several names.</summary>
    public string? KerberosService { get; init; }

    /// <summary>
    /// The identity of a Kerberos principal ("alice@REALM"; a separator within a part stands behind a backslash), null for nobody's. Without a
    /// rule it is krb5.conf's (auth_to_local): the bare name in the default realm; what that does not map stays the whole principal.
    /// </summary>
    public Func<string, string?>? PrincipalToIdentity { get; init; }

    /// <summary>Runs PBKDF2 off the caller's threads.</summary>
    public KeyDerivation KeyDerivation { get; init; } = KeyDerivation.Shared;

    /// <summary>Fills memory with random bytes; tests give their own.</summary>
    public Action<Memory<byte>> Random { get; init; } = static bytes => RandomBytes.Fill(bytes.Span);

    /// <summary>A nonce for SCRAM and DIGEST-MD5 in place of random ones: the RFCs' examples.</summary>
    internal byte[]? Nonce { get; init; }

    /// <summary>A library to look for in place of the real one, which then is missing: tests.</summary>
    internal string? KerberosLibrary { get; init; }

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
