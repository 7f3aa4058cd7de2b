using BenchmarkDotNet.Running;
using Hookstream.Benchmarks.Parts;

// Without a filter BenchmarkDotNet would ask which ones to run.
var filtered = args.Any(argument => argument is "-f" || argument.StartsWith("--filter", StringComparison.Ordinal));
var summaries = BenchmarkSwitcher
    .FromAssembly(typeof(PartsConfig).Assembly)
    .Run(filtered ? args : [.. args, "--filter", "*"], PartsConfig.Create());
return summaries.Any(summary =>
    summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
