using Hookstream.Server.Commands;

return await CommandLine.RunAsync(CommandLine.Build(CommandHost.Process), args).ConfigureAwait(false);
