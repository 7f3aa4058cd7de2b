global using Hookstream.Core.Deliveries;
global using Hookstream.Core.Stores;
global using Hookstream.Core.Subscribers;
global using Hookstream.Core.Tenants;
global using Hookstream.Queue.Redis.Connection;
global using Hookstream.Queue.Redis.Queueing;
global using Hookstream.Queue.Redis.Scripts;
global using Hookstream.Queue.Redis.Sweeping;
