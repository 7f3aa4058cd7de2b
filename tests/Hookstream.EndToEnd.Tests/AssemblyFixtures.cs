using System.Runtime.Versioning;
using Hookstream.EndToEnd.Tests.Servers;

[assembly: AssemblyFixture(typeof(SharedServer))]
[assembly: AssemblyFixture(typeof(PostgresSharedServer))]
[assembly: AssemblyFixture(typeof(RedisSharedServer))]

// Signals, file modes and the shell.
[assembly: UnsupportedOSPlatform("windows")]
