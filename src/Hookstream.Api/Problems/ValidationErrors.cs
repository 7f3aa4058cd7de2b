using System.Text.Json;

namespace Hookstream.Api.Problems;

/// <summary>What is wrong with a request, by field, in the order in which it was found.</summary>
internal sealed class ValidationErrors
{
    // A hostile body must not be answered by one of many times its size.
    private const int MaxMessages = 100;
    private const int MaxFieldLength = 100;
    private const int NamedInDetail = 3;

    private readonly List<(string Field, List<string> Messages)> _fields = [];
    private int _count;

    public bool Any => _count > 0;

    public int Count => _count;

    public IEnumerable<(string Field, IReadOnlyList<string> Messages)> Fields =>
        _fields.Select(entry => (entry.Field, (IReadOnlyList<string>)entry.Messages));

    public bool Has(string field) => _fields.Exists(entry => entry.Field == field);

    public void Add(string field, string message)
    {
        if (_count >= MaxMessages)
            return;
        _count++;
        if (field.Length > MaxFieldLength)
            field = string.Concat(field.AsSpan(0, MaxFieldLength), "…");
        foreach (var (name, messages) in _fields)
        {
            if (name != field)
                continue;
            messages.Add(message);
            return;
        }

        _fields.Add((field, [message]));
    }

    /// <summary>Names a field that is not known, and the known one that it is nearest to.</summary>
    public void AddUnknown(string field, IReadOnlyCollection<string> known, string kind) =>
        Add(field, NearestName.Find(field, known) is { } nearest
            ? $"is not a known {kind}; the nearest known one is '{nearest}'"
            : $"is not a known {kind}; this call takes none");

    public string Summarise()
    {
        var named = _fields.Take(NamedInDetail).Select(entry => $"'{entry.Field}' {entry.Messages[0]}");
        var rest = _fields.Count > NamedInDetail ? $"; and {_fields.Count - NamedInDetail} more" : "";
        return string.Join("; ", named) + rest + ".";
    }

    public Problem ToProblem() => new(ProblemCode.ValidationFailed, Summarise()) { Errors = this };

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (field, messages) in _fields)
        {
            writer.WriteStartArray(field);
            foreach (var message in messages)
                writer.WriteStringValue(message);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
