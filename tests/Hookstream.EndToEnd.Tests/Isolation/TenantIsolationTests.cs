using Hookstream.EndToEnd.Tests.BadInput;

namespace Hookstream.EndToEnd.Tests.Isolation;

/// <summary>Embedded.</summary>
public sealed class TenantIsolationTests(TwoTenants tenants) : TenantIsolationSuite(tenants), IClassFixture<TwoTenants>;
