using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Fuzz.Tests;

/// <summary>No parser without a target: what a class is called says that it reads something, and the fuzzer's own code must call it.</summary>
public sealed class CompletenessTests
{
    static readonly string[] _assemblies = ["Sasl.Hosting", "Sasl.Mechanisms", "Sasl.Protocols", "Sasl.Credentials", "MailStore", "authserver", "mailservers", "mailctl"];

    static readonly string[] _endings =
        ["Parser", "Decoder", "Codec", "Reader", "File", "Format", "Scanner", "Filter", "Normalizer", "Expansion", "Variables", "Words", "Date", "Set", "Header", "Stuffer", "Line", "Address", "Pattern", "Fields", "Record", "Scheme", "Response", "Name", "Path"];

    /// <summary>Reached through another target, or nothing that reads what somebody else wrote.</summary>
    static readonly Dictionary<string, string> _others = new()
    {
        ["AuthHandshakeReader"] = "auth-server-lines",
        ["DotBlockDecoder"] = "dot-block",
        ["DovecotLine"] = "dovecot-file", ["DovecotVariables"] = "dovecot-file", ["DovecotDatabaseReader"] = "dovecot-configuration",
        ["LogicalLine"] = "postfix-file",
        ["Line"] = "line-reader",
        ["HeaderFields"] = "mime-structure", ["LineScanner"] = "mime-structure",
        ["ImapCommandReader"] = "imap-login-session",
        ["SectionParser"] = "imap-arguments", ["MailboxName"] = "imap-arguments",
        ["HeaderFilter"] = "smtp-content",
        ["SaslText"] = "sasl-server-plain", ["Gs2Header"] = "sasl-server-scram-sha-256",
        ["TableReader"] = "queue-tables",
        ["SmallFile"] = "maildir-control-files",
        ["MailAddress"] = "smtp-path",
        ["InterfaceAddress"] = "our own interfaces, from the kernel",
        ["PemFile"] = "looks for two words in the administrator's file",
        ["PidFile"] = "only written",
        ["OwnerOnlyFile"] = "only written", ["ReplyLine"] = "only written",
        ["MailFormat"] = "names of formats",
        ["MissingFields"] = "names of fields",
        ["MechanismWords"] = "flags as words",
        ["Expansion"] = "a result",
        ["MailDate"] = "only written",
        ["UidSet"] = "only written",
        ["UniqueName"] = "only written",
        ["ResolvedAddress"] = "a result",
        ["DigestScheme"] = "password-scheme", ["PlainScheme"] = "password-scheme", ["CryptScheme"] = "password-scheme", ["Argon2Scheme"] = "password-scheme",
        ["Pbkdf2Scheme"] = "password-scheme", ["ScramScheme"] = "password-scheme", ["CramMd5Scheme"] = "password-scheme", ["DigestMd5Scheme"] = "password-scheme",
        ["OtpScheme"] = "password-scheme", ["Md5Scheme"] = "password-scheme",
        ["LoginName"] = "a pair of words",
        ["LoginVariables"] = "user-names",
        ["GssName"] = "read and written by the system's Kerberos library",
        ["GssOidSet"] = "a structure of the system's Kerberos library", ["GssBufferSet"] = "a structure of the system's Kerberos library",
        ["SqlStatementParser"] = "sql-statement",
        ["PasswdFileReader`1"] = "looks at a file's state; what is in it is read by PasswdFile",
        ["ChainWords"] = "words of the administrator, looked up in a table",
        ["StaticFields"] = "words of the administrator, split at \"=\"",
        ["SecretsFile"] = "asks SQLite, which binds every value",
        ["SasldbReader"] = "asks SQLite, which binds every value",
    };

    [Fact]
    public void Every_parser_is_reached_by_a_target_or_has_a_reason()
    {
        var called = CalledTypes();
        var missing = _assemblies.SelectMany(Types).Where(t => Array.Exists(_endings, t.EndsWith) && !called.Contains(t) && !_others.ContainsKey(t));
        Assert.Empty(missing.Distinct());
    }

    [Fact]
    public void The_reasons_name_targets_and_types_that_there_are()
    {
        var types = _assemblies.SelectMany(Types).ToHashSet();
        Assert.Empty(_others.Where(o => !o.Value.Contains(' ') && Targets.Find(o.Value) is null).Select(o => o.Value));
        Assert.Empty(_others.Keys.Except(types));
    }

    [Fact]
    public void Every_target_has_seeds()
    {
        Assert.Empty(Targets.All.Where(t => t.Seeds.Length < 2).Select(t => t.Name));
        Assert.Equal(Targets.All.Length, Targets.All.Select(t => t.Name).Distinct().Count());
    }

    /// <summary>Types of ours that a method of Fuzz.dll calls; what stands in a signature only does not count.</summary>
    static HashSet<string> CalledTypes()
    {
        using var image = Open("Fuzz");
        var reader = image.GetMetadataReader();
        var called = new HashSet<string>();
        foreach (var handle in reader.MemberReferences)
        {
            if (reader.GetMemberReference(handle).Parent is { Kind: HandleKind.TypeReference } parent)
                called.Add(reader.GetString(reader.GetTypeReference((TypeReferenceHandle)parent).Name));
        }
        return called;
    }

    static List<string> Types(string assembly)
    {
        using var image = Open(assembly);
        var reader = image.GetMetadataReader();
        // Nested types and what the compiler made are parts of their owners.
        return [.. reader.TypeDefinitions.Select(reader.GetTypeDefinition).Where(t => t.GetDeclaringType().IsNil).Select(t => reader.GetString(t.Name)).Where(n => !n.Contains('<'))];
    }

    static PEReader Open(string assembly) => new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll")));
}
