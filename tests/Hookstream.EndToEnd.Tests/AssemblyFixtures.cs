using Hookstream.EndToEnd.Tests.Servers;

[assembly: AssemblyFixture(typeof(SharedServer))]
