using Hookstream.Storage.Postgres.Tests.Databases;

[assembly: AssemblyFixture(typeof(StoreDatabases))]
