using Hookstream.Server.Commands;
using Hookstream.Server.Hosting;

return await CommandLine.RunAsync(
    CommandLine.Build(CommandHost.Process, ServeCommand.Build(), MigrateCommand.Build()), args);
