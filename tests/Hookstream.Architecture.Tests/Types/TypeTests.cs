using System.Reflection;

namespace Hookstream.Architecture.Tests.Types;

/// <summary>Types are closed unless there is a reason, and the rule that says so finds one that is not.</summary>
public sealed class TypeTests
{
    public static TheoryData<string> Assemblies =>
        [.. Repository.Projects.Select(project => project == "Hookstream.Server" ? "hookstream" : project)];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Classes_are_sealed_or_abstract_or_inherited_from(string assembly)
    {
        var types = Assembly.Load(assembly).GetTypes();

        types.Length.ShouldBeGreaterThan(3);
        TypeRules.OpenWithoutReason(types).ShouldBeEmpty();
    }

    [Fact]
    public void Rule_finds_a_class_that_is_open_without_reason() =>
        TypeRules.OpenWithoutReason([typeof(Open), typeof(Closed), typeof(Base), typeof(Derived), typeof(TypeTests)])
            .ShouldBe([typeof(Open)]);

    [Fact]
    public void Rule_finds_an_open_record_and_an_open_generic_class() =>
        TypeRules.OpenWithoutReason([typeof(OpenRecord), typeof(OpenGeneric<>)])
            .ShouldBe([typeof(OpenRecord), typeof(OpenGeneric<>)]);

#pragma warning disable CA1852 // The rule is tried on a class that it should find.
    private class Open;

    private record OpenRecord;

    private class OpenGeneric<T>;

    private class Base;
#pragma warning restore CA1852

    private sealed class Closed;

    private sealed class Derived : Base;
}
