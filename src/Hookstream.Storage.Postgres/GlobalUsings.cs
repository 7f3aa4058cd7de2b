#pragma warning disable IDE0005
global using Hookstream.Core.Catalogs;
global using Hookstream.Core.Deliveries;
global using Hookstream.Core.Events;
global using Hookstream.Core.Ids;
global using Hookstream.Core.Lanes;
global using Hookstream.Core.Stores;
global using Hookstream.Core.Subscribers;
global using Hookstream.Core.Tenants;
global using Hookstream.Storage.Postgres.Database;
