global using Hookstream.Core.Deliveries;
global using Hookstream.Core.Subscribers;
global using Hookstream.Core.Tenants;
global using Hookstream.Storage.Postgres.Database;
global using Hookstream.TestServers.Programs;
global using Hookstream.TestServers.Redis;
global using Microsoft.Extensions.Time.Testing;
