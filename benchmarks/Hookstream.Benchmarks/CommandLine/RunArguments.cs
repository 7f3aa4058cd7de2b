using System.Globalization;

namespace Hookstream.Benchmarks.CommandLine;

internal sealed record RunArguments(
    BenchmarkSettings Settings,
    bool Quick,
    bool Keep,
    string Server,
    string DataRoot,
    string Results)
{
    /// <summary>What to type to measure the same again.</summary>
    public string Command(string kind)
    {
        var rounds = string.Create(CultureInfo.InvariantCulture, $" --rounds {Settings.Rounds}");
        var quick = Quick ? " --quick" : "";
        var server = Server == Repository.ServerAssembly ? "" : " --server FILE";
        return $"dotnet run -c Release --project benchmarks/Hookstream.Benchmarks -- {kind}{rounds}{quick}{server}";
    }
}
