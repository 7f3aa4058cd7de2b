using System.Globalization;

namespace Hookstream.EndToEnd.Tests.Traces;

/// <summary>A span as it was exported.</summary>
internal sealed record ExportedSpan
{
    public string TraceId { get; private set; } = "";

    public string Id { get; private set; } = "";

    /// <summary>Empty: it is the first of its trace.</summary>
    public string ParentId { get; private set; } = "";

    public string State { get; private set; } = "";

    public string Name { get; private set; } = "";

    public SpanKind Kind { get; private set; }

    public bool IsError { get; private set; }

    public Dictionary<string, string> Attributes { get; } = new(StringComparer.Ordinal);

    /// <summary>Those of the process.</summary>
    public IReadOnlyDictionary<string, string> Resource { get; private set; } = new Dictionary<string, string>();

    /// <summary>Reads an <c>ExportTraceServiceRequest</c>, as in opentelemetry-proto.</summary>
    public static IReadOnlyList<ExportedSpan> Read(ReadOnlySpan<byte> export)
    {
        var spans = new List<ExportedSpan>();
        var resources = new ProtobufReader(export);
        while (resources.Read())
        {
            var resource = new Dictionary<string, string>(StringComparer.Ordinal);
            var parts = new ProtobufReader(resources.Bytes);
            while (parts.Read())
            {
                // A third is the schema's URL.
                var part = new ProtobufReader(parts.Field <= 2 ? parts.Bytes : default);
                while (part.Read())
                {
                    if (parts.Field == 1 && part.Field == 1)
                        AddAttribute(resource, part.Bytes);
                    else if (parts.Field == 2 && part.Field == 2)
                        spans.Add(ReadSpan(part.Bytes) with { Resource = resource });
                }
            }
        }

        return spans;
    }

    private static ExportedSpan ReadSpan(ReadOnlySpan<byte> message)
    {
        var span = new ExportedSpan();
        var fields = new ProtobufReader(message);
        while (fields.Read())
        {
            switch (fields.Field)
            {
                case 1:
                    span.TraceId = fields.Hex;
                    break;
                case 2:
                    span.Id = fields.Hex;
                    break;
                case 3:
                    span.State = fields.Text;
                    break;
                case 4:
                    span.ParentId = fields.Hex;
                    break;
                case 5:
                    span.Name = fields.Text;
                    break;
                case 6:
                    span.Kind = (SpanKind)fields.Number;
                    break;
                case 9:
                    AddAttribute(span.Attributes, fields.Bytes);
                    break;
                case 15:
                    var status = new ProtobufReader(fields.Bytes);
                    while (status.Read())
                        span.IsError |= status is { Field: 3, Number: 2 };
                    break;
            }
        }

        return span;
    }

    /// <summary>Reads a <c>KeyValue</c>.</summary>
    public static void AddAttribute(Dictionary<string, string> attributes, ReadOnlySpan<byte> message)
    {
        var (key, text) = ("", "");
        var fields = new ProtobufReader(message);
        while (fields.Read())
        {
            if (fields.Field == 1)
            {
                key = fields.Text;
                continue;
            }

            var value = new ProtobufReader(fields.Bytes);
            value.Read().ShouldBeTrue();
            text = value.Field == 1 ? value.Text : value.Number.ToString(CultureInfo.InvariantCulture);
        }

        attributes.Add(key, text);
    }
}
