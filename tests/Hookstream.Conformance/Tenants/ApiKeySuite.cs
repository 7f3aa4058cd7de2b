namespace Hookstream.Conformance.Tenants;

/// <summary>Keys of tenants, and the token that the configuration names.</summary>
public abstract class ApiKeySuite : StoreSuite
{
    [Fact]
    public async Task Authenticate_by_a_new_key_answers_its_tenant_and_scopes()
    {
        var tenant = await NewTenantAsync();
        var (key, record) = NewApiKey.Generate("deploy", KeyScopes.EventsWrite | KeyScopes.Read, null);

        var stored = (await Store.Tenants.CreateKeyAsync(tenant, record, Cancellation)).ShouldNotBeNull();

        stored.Name.ShouldBe("deploy");
        stored.Prefix.ShouldBe(key[..NewApiKey.PrefixLength]);
        stored.LastUsedAt.ShouldBeNull();
        var principal = (await Store.Tenants.AuthenticateAsync(KeyHash.Of(key), Cancellation)).ShouldNotBeNull();
        principal.Tenant.Id.ShouldBe(tenant);
        principal.Key.Id.ShouldBe(stored.Id);
        principal.Key.Scopes.ShouldBe(KeyScopes.EventsWrite | KeyScopes.Read);
    }

    [Fact]
    public async Task Authenticate_by_an_unknown_key_is_null()
    {
        await NewTenantAsync();

        (await Store.Tenants.AuthenticateAsync(KeyHash.Of("hk_unknown"), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Authenticate_stops_at_the_moment_of_expiry()
    {
        var tenant = await NewTenantAsync();
        var (key, record) = NewApiKey.Generate("short", KeyScopes.All, Now + TimeSpan.FromHours(1));
        await Store.Tenants.CreateKeyAsync(tenant, record, Cancellation);

        Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        (await Store.Tenants.AuthenticateAsync(KeyHash.Of(key), Cancellation)).ShouldNotBeNull();

        Time.Advance(TimeSpan.FromSeconds(1));
        (await Store.Tenants.AuthenticateAsync(KeyHash.Of(key), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Revoke_is_honoured_at_once()
    {
        var tenant = await NewTenantAsync();
        var (key, record) = NewApiKey.Generate("k", KeyScopes.All, null);
        var stored = await Store.Tenants.CreateKeyAsync(tenant, record, Cancellation);
        await Store.Tenants.AuthenticateAsync(KeyHash.Of(key), Cancellation);

        (await Store.Tenants.RevokeKeyAsync(tenant, stored!.Id, Cancellation)).ShouldBe(RemovalOutcome.Removed);

        (await Store.Tenants.AuthenticateAsync(KeyHash.Of(key), Cancellation)).ShouldBeNull();
        (await Store.Tenants.ListKeysAsync(tenant, new PageRequest(10, null), Cancellation)).Items.ShouldBeEmpty();
        (await Store.Tenants.RevokeKeyAsync(tenant, stored.Id, Cancellation)).ShouldBe(RemovalOutcome.NotFound);
    }

    [Fact]
    public async Task Revoke_outlives_a_restart_and_other_keys_go_on()
    {
        var tenant = await NewTenantAsync();
        var (revoked, revokedRecord) = NewApiKey.Generate("revoked", KeyScopes.All, null);
        var (kept, keptRecord) = NewApiKey.Generate("kept", KeyScopes.Read, null);
        var stored = await Store.Tenants.CreateKeyAsync(tenant, revokedRecord, Cancellation);
        await Store.Tenants.CreateKeyAsync(tenant, keptRecord, Cancellation);
        await Store.Tenants.RevokeKeyAsync(tenant, stored!.Id, Cancellation);

        await Store.ReopenAsync();

        (await Store.Tenants.AuthenticateAsync(KeyHash.Of(revoked), Cancellation)).ShouldBeNull();
        var principal = (await Store.Tenants.AuthenticateAsync(KeyHash.Of(kept), Cancellation)).ShouldNotBeNull();
        principal.Key.Scopes.ShouldBe(KeyScopes.Read);
        principal.Tenant.Id.ShouldBe(tenant);
    }

    [Fact]
    public async Task Suspending_a_tenant_shows_in_its_principals_at_once()
    {
        var tenant = await NewTenantAsync();
        var (key, record) = NewApiKey.Generate("k", KeyScopes.All, null);
        await Store.Tenants.CreateKeyAsync(tenant, record, Cancellation);

        await Store.Tenants.UpdateAsync(tenant, settings => settings with { Suspended = true }, Cancellation);

        var principal = await Store.Tenants.AuthenticateAsync(KeyHash.Of(key), Cancellation);
        principal.ShouldNotBeNull().Tenant.Suspended.ShouldBeTrue();
    }

    [Fact]
    public async Task Keys_of_a_tenant_that_does_not_exist_are_null()
    {
        var (_, record) = NewApiKey.Generate("k", KeyScopes.All, null);

        (await Store.Tenants.CreateKeyAsync(TenantId.New(Now), record, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Keys_of_another_tenant_read_as_not_found()
    {
        var owner = await NewTenantAsync("owner");
        var other = await NewTenantAsync("other");
        var (key, record) = NewApiKey.Generate("k", KeyScopes.All, null);
        var stored = await Store.Tenants.CreateKeyAsync(owner, record, Cancellation);

        (await Store.Tenants.RevokeKeyAsync(other, stored!.Id, Cancellation)).ShouldBe(RemovalOutcome.NotFound);
        (await Store.Tenants.ListKeysAsync(other, new PageRequest(10, null), Cancellation)).Items.ShouldBeEmpty();

        (await Store.Tenants.AuthenticateAsync(KeyHash.Of(key), Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task List_pages_newest_first()
    {
        var tenant = await NewTenantAsync();
        var made = new List<ApiKeyId>();
        for (var i = 0; i < 5; i++)
        {
            var (_, record) = NewApiKey.Generate($"key {i}", KeyScopes.All, null);
            made.Add((await Store.Tenants.CreateKeyAsync(tenant, record, Cancellation))!.Id);
            Tick();
        }

        var listed = await AllPagesAsync(2, page => Store.Tenants.ListKeysAsync(tenant, page, Cancellation));

        listed.Select(key => key.Id).ShouldBe(made.AsEnumerable().Reverse());
    }

    [Fact]
    public async Task Use_of_a_key_is_noted_sooner_or_later()
    {
        var tenant = await NewTenantAsync();
        var (key, record) = NewApiKey.Generate("k", KeyScopes.All, null);
        await Store.Tenants.CreateKeyAsync(tenant, record, Cancellation);
        var before = Now;

        DateTimeOffset? lastUsed = null;
        for (var i = 0; i < 200 && lastUsed is null; i++)
        {
            await Store.Tenants.AuthenticateAsync(KeyHash.Of(key), Cancellation);
            Time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(TimeSpan.FromMilliseconds(10), Cancellation);
            var page = await Store.Tenants.ListKeysAsync(tenant, new PageRequest(1, null), Cancellation);
            lastUsed = page.Items.Single().LastUsedAt;
        }

        lastUsed.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(before - TimeSpan.FromMinutes(1));
    }
}
