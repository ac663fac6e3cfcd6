using System.Reflection;
using System.Text;

namespace Sasl.Mechanisms.Tests;

/// <summary>
/// What the package promises stands in <c>src/Sasl.Mechanisms/PublicApi.txt</c>, where a change of it is seen in review. UPDATE_PUBLIC_API=1 writes it anew.
/// </summary>
public sealed class PublicApiTests
{
    static readonly NullabilityInfoContext _nullability = new();

    [Fact]
    public void The_public_api_is_the_one_under_review()
    {
        var file = Path.Combine(Testing.Binaries.Root, "src", "Sasl.Mechanisms", "PublicApi.txt");
        var now = string.Join('\n', typeof(SaslMechanisms).Assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal).Select(Describe)) + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_PUBLIC_API") == "1")
            File.WriteAllText(file, now);
        Assert.Equal(File.ReadAllText(file), now);
    }

    [Fact]
    public void Nothing_but_the_platform_is_needed()
    {
        Assert.All(typeof(SaslMechanisms).Assembly.GetReferencedAssemblies(), r => Assert.StartsWith("System.", r.Name));
        Assert.DoesNotContain(typeof(SaslMechanisms).Assembly.GetReferencedAssemblies(), r => r.Name!.StartsWith("System.Reflection", StringComparison.Ordinal));
    }

    static string Describe(Type type)
    {
        var text = new StringBuilder().Append(Kind(type)).Append(' ').Append(Name(type));
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum) && parent != typeof(MulticastDelegate))
            text.Append(" : ").Append(Name(parent));
        if (type.IsSubclassOf(typeof(Delegate)))
            return text.Append(Parameters(type.GetMethod("Invoke")!)).Append(" -> ").Append(Type(type.GetMethod("Invoke")!.ReturnParameter)).ToString();
        const BindingFlags declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var members = type.IsEnum ? Enum.GetNames(type).Select(n => $"{n} = {Convert.ToInt64(Enum.Parse(type, n))}")
            : type.GetConstructors(declared).Where(IsVisible).Select(c => "new" + Parameters(c))
                .Concat(type.GetProperties(declared).Where(p => IsVisible(p.GetMethod)).Select(Property))
                .Concat(type.GetFields(declared).Where(f => f.IsPublic || f.IsFamily).Select(f => $"{(f.IsLiteral ? "const " : "static ")}{f.Name}: {Name(f.FieldType)}"))
                .Concat(type.GetMethods(declared).Where(m => IsVisible(m) && !m.IsSpecialName && !IsOfRecords(m)).Select(m => $"{(m.IsStatic ? "static " : "")}{m.Name}{Parameters(m)} -> {Type(m.ReturnParameter)}"));
        foreach (var member in type.IsEnum ? members : members.Order(StringComparer.Ordinal))
            text.Append("\n    ").Append(member);
        return text.ToString();
    }

    static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        _ when type.IsSubclassOf(typeof(Delegate)) => "delegate",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        _ => "class",
    };

    static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    // What the compiler writes for a record is no decision of ours.
    static bool IsOfRecords(MethodInfo method) => method.Name is "Equals" or "GetHashCode" or "ToString" or "Deconstruct" or "PrintMembers" or "<Clone>$";

    static string Property(PropertyInfo property)
    {
        var setter = property.SetMethod is { } set && IsVisible(set)
            ? set.ReturnParameter.GetRequiredCustomModifiers().Any(m => m.Name == "IsExternalInit") ? " init;" : " set;" : "";
        var nullable = _nullability.Create(property).ReadState == NullabilityState.Nullable && !property.PropertyType.IsValueType ? "?" : "";
        return $"{(property.GetMethod!.IsStatic ? "static " : "")}{property.Name}: {Name(property.PropertyType)}{nullable} {{ get;{setter} }}";
    }

    static string Parameters(MethodBase method) =>
        $"({string.Join(", ", method.GetParameters().Select(p => $"{(p.IsOut ? "out " : p.ParameterType.IsByRef ? "ref " : "")}{Type(p)} {p.Name}{(p.HasDefaultValue ? " = …" : "")}"))})";

    static string Type(ParameterInfo parameter)
    {
        var isNullable = !parameter.ParameterType.IsByRef && !parameter.ParameterType.IsValueType && _nullability.Create(parameter).ReadState == NullabilityState.Nullable;
        return Name(parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType) + (isNullable ? "?" : "");
    }

    static string Name(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Name(inner) + "?";
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";
        var name = type.IsNested && !type.IsGenericParameter ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        return type.IsGenericType ? $"{name[..name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
