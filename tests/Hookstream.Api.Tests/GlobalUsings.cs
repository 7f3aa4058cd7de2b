global using Hookstream.Core.Deliveries;
global using Hookstream.Core.Events;
global using Hookstream.Core.Paging;
global using Hookstream.Core.Signing;
global using Hookstream.Core.Stores;
global using Hookstream.Core.Subscribers;
global using Hookstream.Core.Tenants;
