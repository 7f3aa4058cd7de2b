using System.CommandLine;

namespace Hookstream.Benchmarks.CommandLine;

/// <summary>The options that every benchmark takes.</summary>
internal sealed class RunOptions
{
    private readonly Option<bool> _quick = new("--quick")
    {
        Description = "Small sizes and one round: shows that everything works, measures nothing worth keeping",
        Recursive = true,
    };

    private readonly Option<int?> _rounds = new("--rounds")
    {
        Description = "How often server and ceiling take turns (3, or 1 with --quick)",
        Recursive = true,
    };

    private readonly Option<bool> _keep = new("--keep")
    {
        Description = "Keep the servers' data directories and logs",
        Recursive = true,
    };

    private readonly Option<string> _server = new("--server")
    {
        Description = "hookstream.dll to measure",
        DefaultValueFactory = _ => Repository.ServerAssembly,
        Recursive = true,
    };

    private readonly Option<string> _dataRoot = new("--data-root")
    {
        Description = "Where the servers' data directories are made; should be a real disk",
        DefaultValueFactory = _ => Repository.DataRoot,
        Recursive = true,
    };

    private readonly Option<string> _results = new("--results")
    {
        Description = "Where the table is written",
        DefaultValueFactory = _ => Repository.Results,
        Recursive = true,
    };

    public RunOptions() =>
        _rounds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1)
                result.AddError("--rounds must be 1 or more");
        });

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_quick, _rounds, _keep, _server, _dataRoot, _results])
            command.Options.Add(option);
    }

    public RunArguments Read(ParseResult parsed)
    {
        var quick = parsed.GetValue(_quick);
        var settings = quick ? BenchmarkSettings.Smoke : BenchmarkSettings.Full;
        return new RunArguments(
            settings with { Rounds = parsed.GetValue(_rounds) ?? settings.Rounds },
            quick,
            parsed.GetValue(_keep),
            parsed.GetRequiredValue(_server),
            parsed.GetRequiredValue(_dataRoot),
            parsed.GetRequiredValue(_results));
    }
}
