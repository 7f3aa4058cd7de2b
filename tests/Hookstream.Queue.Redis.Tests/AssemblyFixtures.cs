using Hookstream.Queue.Redis.Tests.Conformance;

[assembly: AssemblyFixture(typeof(SharedRedis))]
[assembly: AssemblyFixture(typeof(StoreDatabases))]
