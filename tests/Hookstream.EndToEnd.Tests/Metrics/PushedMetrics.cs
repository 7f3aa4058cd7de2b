using Hookstream.EndToEnd.Tests.Traces;

namespace Hookstream.EndToEnd.Tests.Metrics;

/// <summary>What an <c>ExportMetricsServiceRequest</c> of opentelemetry-proto holds.</summary>
internal sealed class PushedMetrics
{
    public List<string> Names { get; } = [];

    /// <summary>By name, the sums of integers.</summary>
    public Dictionary<string, long> Sums { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Resource { get; } = new(StringComparer.Ordinal);

    public static PushedMetrics Read(ReadOnlySpan<byte> export)
    {
        var pushed = new PushedMetrics();
        var resources = new ProtobufReader(export);
        while (resources.Read())
        {
            var parts = new ProtobufReader(resources.Bytes);
            while (parts.Read())
            {
                var part = new ProtobufReader(parts.Field <= 2 ? parts.Bytes : default);
                while (part.Read())
                {
                    if (parts.Field == 1 && part.Field == 1)
                        ExportedSpan.AddAttribute(pushed.Resource, part.Bytes);
                    else if (parts.Field == 2 && part.Field == 2)
                        pushed.ReadMetric(part.Bytes);
                }
            }
        }

        return pushed;
    }

    private void ReadMetric(ReadOnlySpan<byte> message)
    {
        var fields = new ProtobufReader(message);
        while (fields.Read())
        {
            if (fields.Field == 1)
                Names.Add(fields.Text);
            else if (fields.Field == 7)
                Sums[Names[^1]] = SumOf(fields.Bytes);
        }
    }

    private static long SumOf(ReadOnlySpan<byte> message)
    {
        var sum = 0L;
        var fields = new ProtobufReader(message);
        while (fields.Read())
        {
            var point = new ProtobufReader(fields.Field == 1 ? fields.Bytes : default);
            while (point.Read())
                sum += point.Field == 6 ? (long)point.Number : 0;
        }

        return sum;
    }
}
