using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Architecture.Tests;

/// <summary>What a built assembly says of itself, read from its metadata without loading it.</summary>
sealed record Built(string Name, IReadOnlyList<string> References, IReadOnlyList<(string Namespace, string Type, string Library)> NativeCalls,
    IReadOnlyList<(string From, string To)> TypeUses)
{
    public static readonly string[] Ours =
    [
        "Sasl.Hosting", "Sasl.Mechanisms", "Sasl.Protocols", "Sasl.Credentials", "MailStore",
        "saslauthd", "saslworker", "testsaslauthd", "authserver", "mailsupervisor", "mailservers", "mailctl",
    ];

    public static Built Read(string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"));
        using var image = new PEReader(file);
        var reader = image.GetMetadataReader();
        var references = reader.AssemblyReferences.Select(h => reader.GetString(reader.GetAssemblyReference(h).Name)).ToArray();
        var native = new List<(string, string, string)>();
        foreach (var handle in reader.MethodDefinitions)
        {
            var method = reader.GetMethodDefinition(handle);
            var import = method.GetImport();
            if (import.Module.IsNil)
                continue;
            var type = Outermost(reader, method.GetDeclaringType());
            native.Add((reader.GetString(type.Namespace), reader.GetString(type.Name), reader.GetString(reader.GetModuleReference(import.Module).Name)));
        }
        return new(name, references, native, Uses(reader));
    }

    /// <summary>Which namespaces' types are named by the fields and methods of which namespaces, within one assembly.</summary>
    static List<(string, string)> Uses(MetadataReader reader)
    {
        var uses = new HashSet<(string, string)>();
        foreach (var handle in reader.TypeDefinitions)
        {
            var from = reader.GetString(Outermost(reader, handle).Namespace);
            var names = new NamespaceCollector(reader);
            foreach (var field in reader.GetTypeDefinition(handle).GetFields())
                reader.GetFieldDefinition(field).DecodeSignature(names, null);
            foreach (var method in reader.GetTypeDefinition(handle).GetMethods())
                reader.GetMethodDefinition(method).DecodeSignature(names, null);
            uses.UnionWith(names.Seen.Select(to => (from, to)));
        }
        return [.. uses];
    }

    public static TypeDefinition Outermost(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil)
            type = reader.GetTypeDefinition(type.GetDeclaringType());
        return type;
    }
}
