using System.CommandLine;
using Hookstream.Benchmarks.CommandLine;

// Time enough after Ctrl-C to stop the servers and to remove their data.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) };
return await BenchmarkCommandLine.Build().Parse(args).InvokeAsync(invocation);
