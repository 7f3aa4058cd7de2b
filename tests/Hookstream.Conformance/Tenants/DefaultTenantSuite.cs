namespace Hookstream.Conformance.Tenants;

/// <summary>The tenant that the configured token belongs to.</summary>
public abstract class DefaultTenantSuite : StoreSuite
{
    [Fact]
    public async Task Default_tenant_is_made_once()
    {
        var first = await Store.Tenants.EnsureDefaultAsync(KeyHash.Of("token"), Cancellation);
        await Store.ReopenAsync();
        var second = await Store.Tenants.EnsureDefaultAsync(KeyHash.Of("token"), Cancellation);

        first.Name.ShouldBe(Tenant.DefaultName);
        second.Id.ShouldBe(first.Id);
        var principal = await Store.Tenants.AuthenticateAsync(KeyHash.Of("token"), Cancellation);
        principal.ShouldNotBeNull().Tenant.Id.ShouldBe(first.Id);
        principal.Key.Scopes.ShouldBe(KeyScopes.All);
    }

    [Fact]
    public async Task Changing_the_configured_token_revokes_the_one_before_and_no_other_key()
    {
        var tenant = await Store.Tenants.EnsureDefaultAsync(KeyHash.Of("old"), Cancellation);
        var (key, record) = NewApiKey.Generate("by hand", KeyScopes.All, null);
        await Store.Tenants.CreateKeyAsync(tenant.Id, record, Cancellation);

        await Store.Tenants.EnsureDefaultAsync(KeyHash.Of("new"), Cancellation);

        (await Store.Tenants.AuthenticateAsync(KeyHash.Of("old"), Cancellation)).ShouldBeNull();
        (await Store.Tenants.AuthenticateAsync(KeyHash.Of("new"), Cancellation)).ShouldNotBeNull();
        (await Store.Tenants.AuthenticateAsync(KeyHash.Of(key), Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Default_tenant_without_a_configured_token_exists()
    {
        var tenant = await Store.Tenants.EnsureDefaultAsync(null, Cancellation);

        (await Store.Tenants.FindAsync(tenant.Id, Cancellation)).ShouldBe(tenant);
    }

    [Fact]
    public async Task Default_tenant_keeps_its_token_under_another_name()
    {
        var first = await Store.Tenants.EnsureDefaultAsync(KeyHash.Of("old"), Cancellation);
        await Store.Tenants.UpdateAsync(first.Id, settings => settings with { Name = "Acme" }, Cancellation);
        await NewTenantAsync(Tenant.DefaultName);
        await Store.ReopenAsync();

        var second = await Store.Tenants.EnsureDefaultAsync(KeyHash.Of("new"), Cancellation);

        second.Id.ShouldBe(first.Id);
        second.Name.ShouldBe("Acme");
        (await Store.Tenants.ListAsync(new PageRequest(100, null), Cancellation)).Items.Count.ShouldBe(2);
        (await Store.Tenants.AuthenticateAsync(KeyHash.Of("new"), Cancellation)).ShouldNotBeNull().Tenant.Id.ShouldBe(first.Id);
        (await Store.Tenants.AuthenticateAsync(KeyHash.Of("old"), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Default_tenant_is_not_deleted_and_others_of_its_name_are()
    {
        var tenant = await Store.Tenants.EnsureDefaultAsync(KeyHash.Of("token"), Cancellation);
        var namesake = await NewTenantAsync(Tenant.DefaultName);
        var subscriber = await SubscribeAsync(tenant.Id);

        (await Store.Tenants.DeleteAsync(tenant.Id, Cancellation)).ShouldBe(RemovalOutcome.Configured);
        (await Store.Tenants.DeleteAsync(namesake, Cancellation)).ShouldBe(RemovalOutcome.Removed);

        (await Store.Tenants.FindAsync(tenant.Id, Cancellation)).ShouldBe(tenant);
        (await Store.Tenants.AuthenticateAsync(KeyHash.Of("token"), Cancellation)).ShouldNotBeNull();
        (await Store.Subscribers.FindAsync(tenant.Id, subscriber.Id, Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Configured_token_is_not_revoked_and_other_keys_are()
    {
        var tenant = await Store.Tenants.EnsureDefaultAsync(KeyHash.Of("token"), Cancellation);
        var configured = (await Store.Tenants.ListKeysAsync(tenant.Id, new PageRequest(2, null), Cancellation)).Items.Single();
        var other = await NewTenantAsync();
        var (_, record) = NewApiKey.Generate("by hand", KeyScopes.All, null);
        var made = await Store.Tenants.CreateKeyAsync(tenant.Id, record, Cancellation);

        (await Store.Tenants.RevokeKeyAsync(tenant.Id, configured.Id, Cancellation)).ShouldBe(RemovalOutcome.Configured);
        (await Store.Tenants.RevokeKeyAsync(other, configured.Id, Cancellation)).ShouldBe(RemovalOutcome.NotFound);
        (await Store.Tenants.RevokeKeyAsync(tenant.Id, made!.Id, Cancellation)).ShouldBe(RemovalOutcome.Removed);

        (await Store.Tenants.AuthenticateAsync(KeyHash.Of("token"), Cancellation)).ShouldNotBeNull();
    }
}
