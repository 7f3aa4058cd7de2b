namespace Hookstream.Conformance.Tenants;

/// <summary>Tenants: made, found, changed, deleted.</summary>
public abstract class TenantStoreSuite : StoreSuite
{
    [Fact]
    public async Task Create_given_settings_reads_back_as_written()
    {
        var settings = new TenantSettings("Acme Ltd", "customer-17", """{"plan":"gold"}""", false);

        var tenant = (await Store.Tenants.CreateAsync(settings, Cancellation)).Tenant.ShouldNotBeNull();

        tenant.Name.ShouldBe("Acme Ltd");
        tenant.ExternalId.ShouldBe("customer-17");
        tenant.Metadata.ShouldBe("""{"plan":"gold"}""");
        tenant.Suspended.ShouldBeFalse();
        tenant.CreatedAt.ShouldBe(Now);
        (await Store.Tenants.FindAsync(tenant.Id, Cancellation)).ShouldBe(tenant);
        (await Store.Tenants.FindByExternalIdAsync("customer-17", Cancellation)).ShouldBe(tenant);
    }

    [Fact]
    public async Task Create_with_an_external_id_in_use_conflicts()
    {
        await Store.Tenants.CreateAsync(new TenantSettings("first", "same", null, false), Cancellation);

        var second = await Store.Tenants.CreateAsync(new TenantSettings("second", "same", null, false), Cancellation);

        second.Conflict.ShouldBeTrue();
        second.Tenant.ShouldBeNull();
        (await Store.Tenants.FindByExternalIdAsync("same", Cancellation))!.Name.ShouldBe("first");
    }

    [Fact]
    public async Task Create_without_external_ids_never_conflicts()
    {
        var first = await Store.Tenants.CreateAsync(new TenantSettings("same", null, null, false), Cancellation);
        var second = await Store.Tenants.CreateAsync(new TenantSettings("same", null, null, false), Cancellation);

        first.Tenant.ShouldNotBeNull().Id.ShouldNotBe(second.Tenant.ShouldNotBeNull().Id);
    }

    [Fact]
    public async Task Find_unknown_is_null()
    {
        (await Store.Tenants.FindAsync(TenantId.New(Now), Cancellation)).ShouldBeNull();
        (await Store.Tenants.FindByExternalIdAsync("nobody", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Update_changes_what_reads_back()
    {
        var id = await NewTenantAsync("before");
        Tick();

        var outcome = await Store.Tenants.UpdateAsync(
            id, settings => settings with { Name = "after", ExternalId = "ext", Suspended = true }, Cancellation);

        var tenant = outcome.Tenant.ShouldNotBeNull();
        tenant.Name.ShouldBe("after");
        tenant.Suspended.ShouldBeTrue();
        tenant.UpdatedAt.ShouldBe(Now);
        tenant.CreatedAt.ShouldBeLessThan(Now);
        (await Store.Tenants.FindByExternalIdAsync("ext", Cancellation)).ShouldBe(tenant);
    }

    [Fact]
    public async Task Update_moves_the_external_id()
    {
        var created = await Store.Tenants.CreateAsync(new TenantSettings("acme", "old", null, false), Cancellation);

        await Store.Tenants.UpdateAsync(
            created.Tenant!.Id, settings => settings with { ExternalId = "new" }, Cancellation);

        (await Store.Tenants.FindByExternalIdAsync("old", Cancellation)).ShouldBeNull();
        (await Store.Tenants.FindByExternalIdAsync("new", Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Update_to_an_external_id_in_use_conflicts_and_changes_nothing()
    {
        await Store.Tenants.CreateAsync(new TenantSettings("first", "taken", null, false), Cancellation);
        var id = await NewTenantAsync("second");

        var outcome = await Store.Tenants.UpdateAsync(
            id, settings => settings with { Name = "renamed", ExternalId = "taken" }, Cancellation);

        outcome.Conflict.ShouldBeTrue();
        var tenant = (await Store.Tenants.FindAsync(id, Cancellation)).ShouldNotBeNull();
        tenant.Name.ShouldBe("second");
        tenant.ExternalId.ShouldBeNull();
    }

    [Fact]
    public async Task Update_unknown_is_no_conflict_and_null()
    {
        var outcome = await Store.Tenants.UpdateAsync(TenantId.New(Now), settings => settings, Cancellation);

        outcome.Tenant.ShouldBeNull();
        outcome.Conflict.ShouldBeFalse();
    }

    [Fact]
    public async Task List_pages_newest_first_without_loss_or_repeat()
    {
        var made = new List<TenantId>();
        for (var i = 0; i < 7; i++)
        {
            made.Add(await NewTenantAsync($"tenant {i}"));
            Tick();
        }

        var listed = await AllPagesAsync(3, page => Store.Tenants.ListAsync(page, Cancellation));

        listed.Select(tenant => tenant.Id).ShouldBe(made.AsEnumerable().Reverse());
    }

    [Fact]
    public async Task Delete_takes_the_tenant_its_keys_and_its_subscribers_away()
    {
        var created = await Store.Tenants.CreateAsync(new TenantSettings("acme", "ext", null, false), Cancellation);
        var id = created.Tenant!.Id;
        var (key, record) = NewApiKey.Generate("k", KeyScopes.All, null);
        await Store.Tenants.CreateKeyAsync(id, record, Cancellation);
        var subscriber = await SubscribeAsync(id);

        (await Store.Tenants.DeleteAsync(id, Cancellation)).ShouldBe(RemovalOutcome.Removed);

        (await Store.Tenants.FindAsync(id, Cancellation)).ShouldBeNull();
        (await Store.Tenants.FindByExternalIdAsync("ext", Cancellation)).ShouldBeNull();
        (await Store.Tenants.AuthenticateAsync(KeyHash.Of(key), Cancellation)).ShouldBeNull();
        (await Store.Subscribers.FindAsync(id, subscriber.Id, Cancellation)).ShouldBeNull();
        (await Store.Tenants.ListAsync(new PageRequest(100, null), Cancellation)).Items.ShouldBeEmpty();
        (await Store.Tenants.DeleteAsync(id, Cancellation)).ShouldBe(RemovalOutcome.NotFound);
    }

    [Fact]
    public async Task Delete_stops_what_was_pending()
    {
        var id = await NewTenantAsync();
        await SubscribeAsync(id);
        await AppendManyAsync(id, 5);

        await Store.Tenants.DeleteAsync(id, Cancellation);

        (await ClaimAsync()).ShouldBeEmpty();
        await RunBacklogToTheEndAsync();
        (await ClaimAsync()).ShouldBeEmpty();
        await Store.ReopenAsync();
        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Delete_frees_the_external_id()
    {
        var first = await Store.Tenants.CreateAsync(new TenantSettings("first", "ext", null, false), Cancellation);
        await Store.Tenants.DeleteAsync(first.Tenant!.Id, Cancellation);

        var second = await Store.Tenants.CreateAsync(new TenantSettings("second", "ext", null, false), Cancellation);

        second.Conflict.ShouldBeFalse();
        (await Store.Tenants.FindByExternalIdAsync("ext", Cancellation)).ShouldBe(second.Tenant);
    }

    [Fact]
    public async Task Tenants_outlive_a_restart()
    {
        var outcome = await Store.Tenants.CreateAsync(
            new TenantSettings("acme", "ext", """{"a":1}""", true), Cancellation);

        await Store.ReopenAsync();

        (await Store.Tenants.FindAsync(outcome.Tenant!.Id, Cancellation)).ShouldBe(outcome.Tenant);
        (await Store.Tenants.FindByExternalIdAsync("ext", Cancellation)).ShouldBe(outcome.Tenant);
    }
}
