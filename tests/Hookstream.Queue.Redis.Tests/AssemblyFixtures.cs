using Hookstream.Storage.Postgres.Tests.Databases;

[assembly: AssemblyFixture(typeof(SharedRedis))]
[assembly: AssemblyFixture(typeof(StoreDatabases))]
