using Hookstream.Benchmarks.CommandLine;

return await BenchmarkCommandLine.Build().Parse(args).InvokeAsync();
