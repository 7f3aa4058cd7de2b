using System.CommandLine;
using Hookstream.Benchmarks.Deployments;

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

    private readonly Option<string[]> _deployments = new("--deployment")
    {
        Description = "What to measure on: embedded, postgres, redis (PostgreSQL and Redis); can be given more than once (all)",
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

    public RunOptions()
    {
        _deployments.AcceptOnlyFromAmong([.. Deployment.All.Select(deployment => deployment.Name)]);
        _rounds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1)
                result.AddError("--rounds must be 1 or more");
        });
    }

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_quick, _rounds, _deployments, _keep, _server, _dataRoot, _results])
            command.Options.Add(option);
    }

    public RunArguments Read(ParseResult parsed)
    {
        var quick = parsed.GetValue(_quick);
        var settings = quick ? BenchmarkSettings.Smoke : BenchmarkSettings.Full;
        return new RunArguments(
            settings with { Rounds = parsed.GetValue(_rounds) ?? settings.Rounds },
            quick,
            Chosen(parsed.GetValue(_deployments)),
            parsed.GetValue(_keep),
            parsed.GetRequiredValue(_server),
            parsed.GetRequiredValue(_dataRoot),
            parsed.GetRequiredValue(_results));
    }

    private static IReadOnlyList<Deployment> Chosen(string[]? names) =>
        names is null or [] ? Deployment.All : [.. Deployment.All.Where(deployment => names.Contains(deployment.Name))];
}
