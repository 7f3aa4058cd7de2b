using System.Runtime.Versioning;
using Hookstream.EndToEnd.Tests.Servers;

[assembly: AssemblyFixture(typeof(SharedServer))]

// Signals, file modes and the shell.
[assembly: UnsupportedOSPlatform("windows")]
