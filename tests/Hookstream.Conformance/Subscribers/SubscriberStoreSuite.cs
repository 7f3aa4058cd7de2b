namespace Hookstream.Conformance.Subscribers;

/// <summary>Subscribers: made, found, changed, paused, deleted.</summary>
public abstract class SubscriberStoreSuite : StoreSuite
{
    [Fact]
    public async Task Create_given_every_setting_reads_back_as_written()
    {
        var tenant = await NewTenantAsync();
        RetrySchedule.TryCreate([TimeSpan.Zero, TimeSpan.FromMilliseconds(1500), TimeSpan.FromHours(3)], out var schedule);
        var settings = new SubscriberSettings
        {
            Url = new Uri("https://receiver.example:8443/hooks/a%20b?x=1&y=%C3%A4"),
            Events = [FilterOf("order.*"), FilterOf("invoice.sent"), FilterOf("*")],
            Description = "Büro – \"quoted\"",
            Timeout = TimeSpan.FromMilliseconds(1234),
            RetrySchedule = schedule,
            MaxInFlight = 3,
            RateLimitPerSecond = 0.1,
            CircuitThreshold = 7,
            CircuitCooldown = TimeSpan.FromHours(24),
            Headers = HeadersOf(("Authorization", "Bearer \"a\\b\""), ("X-Tab", "a\tb")),
            PayloadFormat = PayloadFormat.Legacy,
            Verification = VerificationMode.Required,
            Metadata = """{"team":"billing"}""",
        };

        var created = await SubscribeAsync(tenant, settings);
        await Store.ReopenAsync();

        var found = (await Store.Subscribers.FindAsync(tenant, created.Id, Cancellation)).ShouldNotBeNull();
        found.Tenant.ShouldBe(tenant);
        found.CreatedAt.ShouldBe(Now);
        found.Settings.Url.AbsoluteUri.ShouldBe(settings.Url.AbsoluteUri);
        found.Settings.Events.Select(filter => filter.Pattern).ShouldBe(["order.*", "invoice.sent", "*"]);
        found.Settings.Description.ShouldBe(settings.Description);
        found.Settings.Timeout.ShouldBe(settings.Timeout);
        found.Settings.RetrySchedule.ShouldNotBeNull().Delays.ShouldBe(schedule!.Delays);
        found.Settings.MaxInFlight.ShouldBe(3);
        found.Settings.RateLimitPerSecond.ShouldBe(0.1);
        found.Settings.CircuitThreshold.ShouldBe(7);
        found.Settings.CircuitCooldown.ShouldBe(TimeSpan.FromHours(24));
        found.Settings.Headers.All.ToArray().ShouldBe([new("Authorization", "Bearer \"a\\b\""), new("X-Tab", "a\tb")]);
        found.Settings.PayloadFormat.ShouldBe(PayloadFormat.Legacy);
        found.Settings.Verification.ShouldBe(VerificationMode.Required);
        found.Settings.Metadata.ShouldBe(settings.Metadata);
        found.Gate.Status.ShouldBe(SubscriberStatus.PendingVerification);
        found.Gate.VerifiedAt.ShouldBeNull();
    }

    [Fact]
    public async Task Create_given_only_what_is_needed_leaves_the_rest_to_defaults()
    {
        var tenant = await NewTenantAsync();

        var created = await SubscribeAsync(tenant);
        await Store.ReopenAsync();

        var found = (await Store.Subscribers.FindAsync(tenant, created.Id, Cancellation)).ShouldNotBeNull();
        found.Settings.Description.ShouldBeNull();
        found.Settings.Timeout.ShouldBeNull();
        found.Settings.RetrySchedule.ShouldBeNull();
        found.Settings.MaxInFlight.ShouldBeNull();
        found.Settings.RateLimitPerSecond.ShouldBeNull();
        found.Settings.CircuitThreshold.ShouldBeNull();
        found.Settings.CircuitCooldown.ShouldBeNull();
        found.Settings.Headers.All.IsEmpty.ShouldBeTrue();
        found.Settings.PayloadFormat.ShouldBe(PayloadFormat.Standard);
        found.Settings.Verification.ShouldBeNull();
        found.Settings.Metadata.ShouldBeNull();
        found.Gate.Status.ShouldBe(SubscriberStatus.Active);
        found.Gate.HoldReason.ShouldBeNull();
    }

    [Fact]
    public async Task Secret_given_comes_back_with_the_endpoint_before_and_after_a_restart()
    {
        var tenant = await NewTenantAsync();
        var hex = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));
        SigningSecret.TryParse(hex, out var given).ShouldBeTrue();
        var generated = SigningSecret.Generate();

        var first = await Store.Subscribers.CreateAsync(tenant, SettingsOf("*"), given!, Cancellation);
        var second = await Store.Subscribers.CreateAsync(tenant, SettingsOf("*"), generated, Cancellation);

        await CheckAsync();
        await Store.ReopenAsync();
        await CheckAsync();

        async Task CheckAsync()
        {
            var endpoint = (await Store.Subscribers.FindEndpointAsync(tenant, first.Id, Cancellation)).ShouldNotBeNull();
            endpoint.Id.ShouldBe(first.Id);
            endpoint.Secrets.Current.Text.ShouldBe(hex);
            endpoint.Secrets.Current.Key.ShouldBe(given!.Key);
            endpoint.Secrets.Previous.ShouldBeNull();
            endpoint = (await Store.Subscribers.FindEndpointAsync(tenant, second.Id, Cancellation)).ShouldNotBeNull();
            endpoint.Secrets.Current.Text.ShouldBe(generated.Text);
        }
    }

    [Fact]
    public async Task List_pages_newest_first_without_loss_or_repeat()
    {
        var tenant = await NewTenantAsync("one");
        var other = await NewTenantAsync("other");
        var made = new List<SubscriberId>();
        for (var i = 0; i < 7; i++)
        {
            made.Add((await SubscribeAsync(tenant)).Id);
            await SubscribeAsync(other);
            Tick();
        }

        var listed = await AllPagesAsync(3, page => Store.Subscribers.ListAsync(tenant, page, Cancellation));

        listed.Select(subscriber => subscriber.Id).ShouldBe(made.AsEnumerable().Reverse());
    }

    [Fact]
    public async Task Update_changes_what_it_names_and_keeps_the_rest()
    {
        var tenant = await NewTenantAsync();
        var created = await SubscribeAsync(tenant, SettingsOf("a.*") with { Description = "kept", MaxInFlight = 9 });
        Tick();

        var updated = await Store.Subscribers.UpdateAsync(
            tenant, created.Id, settings => settings with { Events = [FilterOf("b.*")], MaxInFlight = null }, Cancellation);

        updated.ShouldNotBeNull().UpdatedAt.ShouldBe(Now);
        updated.CreatedAt.ShouldBe(created.CreatedAt);
        await Store.ReopenAsync();
        var found = (await Store.Subscribers.FindAsync(tenant, created.Id, Cancellation)).ShouldNotBeNull();
        found.Settings.Events.Select(filter => filter.Pattern).ShouldBe(["b.*"]);
        found.Settings.Description.ShouldBe("kept");
        found.Settings.MaxInFlight.ShouldBeNull();
    }

    [Fact]
    public async Task Headers_are_replaced_and_taken_away_by_updates_and_given_with_what_is_claimed()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, _) = await DeliverableAsync(tenant, SettingsOf("*") with { Headers = HeadersOf(("X-Key", "old")) });

        await UpdateAsync(HeadersOf(("X-Key", "new"), ("X-Other", "1")));
        (await LoadOneAsync(await ClaimOneAsync())).Endpoint.Subscriber.Settings.Headers.All.ToArray()
            .ShouldBe([new("X-Key", "new"), new("X-Other", "1")]);

        await UpdateAsync(CustomHeaders.None);
        await Store.ReopenAsync();
        var found = await Store.Subscribers.FindAsync(tenant, subscriber.Id, Cancellation);
        found.ShouldNotBeNull().Settings.Headers.All.IsEmpty.ShouldBeTrue();

        Task UpdateAsync(CustomHeaders headers) => Store.Subscribers.UpdateAsync(
            tenant, subscriber.Id, settings => settings with { Headers = headers }, Cancellation);
    }

    [Fact]
    public async Task Concurrent_updates_lose_none()
    {
        var tenant = await NewTenantAsync();
        var created = await SubscribeAsync(tenant, SettingsOf("*") with { Description = "" });

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Store.Subscribers.UpdateAsync(
            tenant, created.Id, settings => settings with { Description = settings.Description + "x" }, Cancellation))));

        var found = await Store.Subscribers.FindAsync(tenant, created.Id, Cancellation);
        found.ShouldNotBeNull().Settings.Description.ShouldBe(new string('x', 20));
    }

    [Fact]
    public async Task New_url_asks_for_verification_again_and_serves_what_is_not_yet_sent()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, _) = await DeliverableAsync(tenant);
        await Store.Subscribers.RecordChallengeAsync(
            tenant, subscriber.Id, subscriber.Settings.Url, true, 0, null, Cancellation);
        var moved = new Uri("https://elsewhere.example/hooks");

        var updated = await Store.Subscribers.UpdateAsync(
            tenant, subscriber.Id, settings => settings with { Url = moved }, Cancellation);

        updated.ShouldNotBeNull().Gate.VerifiedAt.ShouldBeNull();
        (await Store.Subscribers.TakeChallengesAsync(10, Hold, Cancellation)).ShouldHaveSingleItem().Endpoint.Subscriber.Settings.Url
            .ShouldBe(moved);
        (await LoadOneAsync(await ClaimOneAsync())).Endpoint.Subscriber.Settings.Url.ShouldBe(moved);
    }

    [Fact]
    public async Task New_url_of_one_that_must_be_verified_shuts_the_gate()
    {
        var tenant = await NewTenantAsync();
        var settings = SettingsOf("*") with { Verification = VerificationMode.Required };
        var (subscriber, _) = await DeliverableAsync(tenant, settings);
        await Store.Subscribers.RecordChallengeAsync(tenant, subscriber.Id, settings.Url, true, 0, null, Cancellation);

        await Store.Subscribers.UpdateAsync(
            tenant, subscriber.Id, current => current with { Url = new Uri("https://elsewhere.example/") }, Cancellation);

        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Same_url_keeps_the_verification()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await Store.Subscribers.RecordChallengeAsync(
            tenant, subscriber.Id, subscriber.Settings.Url, true, 0, null, Cancellation);

        var updated = await Store.Subscribers.UpdateAsync(
            tenant, subscriber.Id, settings => settings with { Description = "new" }, Cancellation);

        updated.ShouldNotBeNull().Gate.VerifiedAt.ShouldBe(Now);
        (await Store.Subscribers.TakeChallengesAsync(10, Hold, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Secret_outlives_an_update()
    {
        var tenant = await NewTenantAsync();
        var secret = SigningSecret.Generate();
        var created = await Store.Subscribers.CreateAsync(tenant, SettingsOf("*"), secret, Cancellation);

        await Store.Subscribers.UpdateAsync(
            tenant, created.Id, settings => settings with { Url = new Uri("https://elsewhere.example/") }, Cancellation);

        var endpoint = await Store.Subscribers.FindEndpointAsync(tenant, created.Id, Cancellation);
        endpoint.ShouldNotBeNull().Secrets.Current.Text.ShouldBe(secret.Text);
    }

    [Fact]
    public async Task Pause_and_resume_change_the_status_and_can_be_repeated()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);

        foreach (var paused in new[] { true, true, false, false })
        {
            Tick();
            var changed = await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, paused, Cancellation);
            changed.ShouldNotBeNull().Gate.Status.ShouldBe(paused ? SubscriberStatus.Paused : SubscriberStatus.Active);
        }
    }

    [Fact]
    public async Task Resume_enables_a_disabled_one()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, _) = await DeliverableAsync(tenant);
        await SettleAsync(GoneOf(await ClaimOneAsync()));
        await Store.ReopenAsync();
        var disabled = await Store.Subscribers.FindAsync(tenant, subscriber.Id, Cancellation);
        disabled.ShouldNotBeNull().Gate.Status.ShouldBe(SubscriberStatus.Disabled);

        var enabled = await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation);

        enabled.ShouldNotBeNull().Gate.Status.ShouldBe(SubscriberStatus.Active);
        enabled.Gate.DisabledReason.ShouldBeNull();
        (await AppendAsync(tenant)).EnqueuedCount.ShouldBe(1);
    }

    [Fact]
    public async Task Delete_takes_it_away_for_good()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);

        (await Store.Subscribers.DeleteAsync(tenant, subscriber.Id, Cancellation)).ShouldBeTrue();

        await CheckAsync();
        await Store.ReopenAsync();
        await CheckAsync();

        async Task CheckAsync()
        {
            (await Store.Subscribers.FindAsync(tenant, subscriber.Id, Cancellation)).ShouldBeNull();
            (await Store.Subscribers.FindEndpointAsync(tenant, subscriber.Id, Cancellation)).ShouldBeNull();
            (await Store.Subscribers.ListAsync(tenant, new PageRequest(10, null), Cancellation)).Items.ShouldBeEmpty();
            (await Store.Subscribers.DeleteAsync(tenant, subscriber.Id, Cancellation)).ShouldBeFalse();
            (await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation)).ShouldBeNull();
            (await Store.Subscribers.UpdateAsync(tenant, subscriber.Id, settings => settings, Cancellation)).ShouldBeNull();
            (await Store.Subscribers.TakeChallengesAsync(10, Hold, Cancellation)).ShouldBeEmpty();
        }
    }

    private static CustomHeaders HeadersOf(params (string Name, string Value)[] headers) =>
        CustomHeaders.Of(headers.Select(header => KeyValuePair.Create(header.Name, header.Value)));
}
