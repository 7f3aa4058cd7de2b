using System.Globalization;
using Hookstream.Benchmarks.Deployments;

namespace Hookstream.Benchmarks.CommandLine;

internal sealed record RunArguments(
    BenchmarkSettings Settings,
    bool Quick,
    IReadOnlyList<Deployment> Deployments,
    bool Keep,
    string Server,
    string DataRoot,
    string Results)
{
    /// <summary>What to type to measure the same again.</summary>
    public string Command(string kind)
    {
        var rounds = string.Create(CultureInfo.InvariantCulture, $" --rounds {Settings.Rounds}");
        var deployments = Deployments.Count == Deployment.All.Count
            ? ""
            : string.Concat(Deployments.Select(deployment => $" --deployment {deployment.Name}"));
        var quick = Quick ? " --quick" : "";
        var server = Server == Repository.ServerAssembly ? "" : " --server FILE";
        return $"dotnet run -c Release --project benchmarks/Hookstream.Benchmarks -- {kind}{rounds}{deployments}{quick}{server}";
    }

    /// <summary>The name of the table's file.</summary>
    public string Label(string kind)
    {
        var deployments = Deployments.Count == Deployment.All.Count
            ? ""
            : string.Concat(Deployments.Select(deployment => $"-{deployment.Name}"));
        return kind + deployments + (Quick ? "-quick" : "");
    }
}
