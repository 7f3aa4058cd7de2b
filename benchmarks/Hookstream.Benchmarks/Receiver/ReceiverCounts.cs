using System.Diagnostics;
using System.Globalization;

namespace Hookstream.Benchmarks.Receiver;

internal readonly record struct ReceiverCounts(long Count, long First, long Last)
{
    public TimeSpan Span => Stopwatch.GetElapsedTime(First, Last);

    /// <summary>Requests a second between the first and the last one.</summary>
    public double Rate => (Count - 1) / Span.TotalSeconds;

    public static ReceiverCounts Parse(string line)
    {
        var fields = line.Split(' ');
        return new ReceiverCounts(
            long.Parse(fields[0], CultureInfo.InvariantCulture),
            long.Parse(fields[1], CultureInfo.InvariantCulture),
            long.Parse(fields[2], CultureInfo.InvariantCulture));
    }

    public string ToLine() => string.Create(CultureInfo.InvariantCulture, $"{Count} {First} {Last}");
}
