using System.Globalization;

namespace Hookstream.Benchmarks.Telemetry;

/// <summary>What the sink has received.</summary>
internal readonly record struct SpanCounts(long Requests, long Bytes, long Spans)
{
    public static SpanCounts operator -(SpanCounts now, SpanCounts before) =>
        new(now.Requests - before.Requests, now.Bytes - before.Bytes, now.Spans - before.Spans);

    public static SpanCounts operator +(SpanCounts one, SpanCounts other) =>
        new(one.Requests + other.Requests, one.Bytes + other.Bytes, one.Spans + other.Spans);

    public static SpanCounts Parse(string line)
    {
        var fields = Array.ConvertAll(line.Split(' '), field => long.Parse(field, CultureInfo.InvariantCulture));
        return new SpanCounts(fields[0], fields[1], fields[2]);
    }

    public string ToLine() => string.Create(CultureInfo.InvariantCulture, $"{Requests} {Bytes} {Spans}");
}
