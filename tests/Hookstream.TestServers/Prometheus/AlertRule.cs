namespace Hookstream.TestServers.Prometheus;

/// <summary>An alert as Prometheus has read it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Expression">When it is raised.</param>
/// <param name="Labels">What it adds to the series' labels.</param>
/// <param name="Annotations">What it says.</param>
public sealed record AlertRule(
    string Name,
    string Expression,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyDictionary<string, string> Annotations);
