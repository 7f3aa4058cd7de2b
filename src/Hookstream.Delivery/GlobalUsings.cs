global using Hookstream.Core.Addresses;
global using Hookstream.Core.Deliveries;
global using Hookstream.Core.Events;
global using Hookstream.Core.Stores;
global using Hookstream.Core.Subscribers;
global using Hookstream.Core.Tenants;
global using EventId = Hookstream.Core.Events.EventId;
