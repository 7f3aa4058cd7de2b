global using Hookstream.Core.Stores;
global using Hookstream.Storage.Postgres.Database;
