global using Hookstream.Conformance.Stores;
global using Hookstream.Core.Deliveries;
global using Hookstream.Core.Encryption;
global using Hookstream.Core.Events;
global using Hookstream.Core.Stores;
global using Hookstream.Core.Subscribers;
global using Hookstream.Core.Tenants;
global using Hookstream.Storage.Postgres.Database;
