using System.Globalization;

namespace Hookstream.Benchmarks.Ingest;

internal sealed record WrkResult(long Requests, double RequestsPerSecond, double P50Ms, double P95Ms, double P99Ms)
{
    private const string Prefix = "RESULT ";

    /// <summary>Reads the line that ingest.lua prints; a run with a single error is no measurement.</summary>
    public static WrkResult Parse(string output)
    {
        var line = output.Split('\n').FirstOrDefault(line => line.StartsWith(Prefix, StringComparison.Ordinal))
            ?? throw new BenchmarkException($"wrk printed no result: {output}");
        var fields = line[Prefix.Length..]
            .Split(' ')
            .Select(field => double.Parse(field, CultureInfo.InvariantCulture))
            .ToArray();
        if (fields[5] > 0 || fields[6] > 0)
        {
            throw new BenchmarkException(
                $"of {fields[0]} requests {fields[5]} were answered with an error status " +
                $"and {fields[6]} failed on the connection");
        }

        return new WrkResult((long)fields[0], fields[0] / fields[1] * 1e6, fields[2] / 1e3, fields[3] / 1e3, fields[4] / 1e3);
    }
}
