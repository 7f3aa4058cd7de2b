using System.Reflection;
using System.Runtime.CompilerServices;

namespace Hookstream.Architecture.Tests.Types;

/// <summary>How types are declared.</summary>
internal static class TypeRules
{
    /// <summary>
    /// Classes that could be inherited from although nobody does: neither sealed nor abstract (a static class is both), and
    /// no base of another type of <paramref name="types"/>.
    /// </summary>
    public static IEnumerable<Type> OpenWithoutReason(IReadOnlyCollection<Type> types) =>
        types.Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false }
            && !IsGenerated(type)
            && !types.Any(other => DefinitionOf(other.BaseType) == type));

    private static Type? DefinitionOf(Type? type) =>
        type is { IsGenericType: true } ? type.GetGenericTypeDefinition() : type;

    private static bool IsGenerated(Type type) =>
        type.GetCustomAttribute<CompilerGeneratedAttribute>() is not null
        || type.Namespace?.StartsWith("Hookstream", StringComparison.Ordinal) != true
        || (type.DeclaringType is { } outer && IsGenerated(outer));
}
