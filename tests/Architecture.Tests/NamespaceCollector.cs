using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Architecture.Tests;

/// <summary>Walks a signature and notes the namespaces of the assembly's own types in it.</summary>
sealed class NamespaceCollector(MetadataReader reader) : ISignatureTypeProvider<int, object?>
{
    public HashSet<string> Seen { get; } = [];

    public int GetTypeFromDefinition(MetadataReader r, TypeDefinitionHandle handle, byte kind)
    {
        Seen.Add(reader.GetString(Built.Outermost(reader, handle).Namespace));
        return 0;
    }

    public int GetArrayType(int element, ArrayShape shape) => 0;

    public int GetByReferenceType(int element) => 0;

    public int GetFunctionPointerType(MethodSignature<int> signature) => 0;

    public int GetGenericInstantiation(int generic, ImmutableArray<int> arguments) => 0;

    public int GetGenericMethodParameter(object? context, int index) => 0;

    public int GetGenericTypeParameter(object? context, int index) => 0;

    public int GetModifiedType(int modifier, int unmodified, bool isRequired) => 0;

    public int GetPinnedType(int element) => 0;

    public int GetPointerType(int element) => 0;

    public int GetPrimitiveType(PrimitiveTypeCode code) => 0;

    public int GetSZArrayType(int element) => 0;

    public int GetTypeFromReference(MetadataReader r, TypeReferenceHandle handle, byte kind) => 0;

    public int GetTypeFromSpecification(MetadataReader r, object? context, TypeSpecificationHandle handle, byte kind) => 0;
}
