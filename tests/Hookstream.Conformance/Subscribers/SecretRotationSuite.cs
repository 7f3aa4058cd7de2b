namespace Hookstream.Conformance.Subscribers;

/// <summary>Secrets that follow one another: what is live, where it is looked at, and for how long.</summary>
public abstract class SecretRotationSuite : StoreSuite
{
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private readonly SigningSecret _first = SigningSecret.Generate();
    private readonly SigningSecret _second = SigningSecret.Generate();
    private readonly SigningSecret _third = SigningSecret.Generate();

    [Fact]
    public async Task Rotated_secret_and_the_one_before_it_are_live_at_once_and_after_a_restart()
    {
        var (tenant, id) = await SubscribeWithAsync(_first);
        Tick();

        var answered = await RotateAsync(tenant, id, _second);

        answered.ShouldNotBeNull().Current.Text.ShouldBe(_second.Text);
        answered.Previous.ShouldNotBeNull().Text.ShouldBe(_first.Text);
        answered.PreviousExpiresAt.ShouldBe(Now + Grace);
        var before = await EndpointAsync(tenant, id);
        before.Subscriber.UpdatedAt.ShouldBe(Now);
        await Store.ReopenAsync();
        var after = await EndpointAsync(tenant, id);
        foreach (var endpoint in new[] { before, after })
        {
            endpoint.Secrets.Current.Text.ShouldBe(_second.Text);
            endpoint.Secrets.Previous.ShouldNotBeNull().Text.ShouldBe(_first.Text);
            endpoint.Secrets.PreviousExpiresAt.ShouldBe(Now + Grace);
        }
    }

    [Fact]
    public async Task What_is_claimed_after_a_rotation_is_given_with_both_secrets()
    {
        var tenant = await NewTenantAsync();
        var created = await Store.Subscribers.CreateAsync(tenant, SettingsOf("*"), _first, Cancellation);
        await AppendAsync(tenant);

        await RotateAsync(tenant, created.Id, _second);

        var secrets = (await LoadOneAsync(await ClaimOneAsync())).Endpoint.Secrets;
        secrets.Current.Text.ShouldBe(_second.Text);
        secrets.LivePrevious(Now).ShouldNotBeNull().Text.ShouldBe(_first.Text);
    }

    [Fact]
    public async Task Grace_period_ends_by_the_clock_without_anything_being_read_again()
    {
        var (tenant, id) = await SubscribeWithAsync(_first);
        await RotateAsync(tenant, id, _second);
        var snapshot = await EndpointAsync(tenant, id);

        Time.Advance(Grace - TimeSpan.FromMilliseconds(1));
        snapshot.Secrets.LivePrevious(Now).ShouldNotBeNull();

        Time.Advance(TimeSpan.FromMilliseconds(1));
        snapshot.Secrets.LivePrevious(Now).ShouldBeNull();
    }

    [Fact]
    public async Task Second_rotation_within_the_grace_period_drops_the_oldest_secret()
    {
        var (tenant, id) = await SubscribeWithAsync(_first);
        await RotateAsync(tenant, id, _second);

        await RotateAsync(tenant, id, _third);
        await Store.ReopenAsync();

        await ShouldHaveAsync(tenant, id, _third, _second);
    }

    [Fact]
    public async Task Repeated_rotation_to_the_same_secret_keeps_the_one_before_it()
    {
        var (tenant, id) = await SubscribeWithAsync(_first);
        await RotateAsync(tenant, id, _second);
        Time.Advance(TimeSpan.FromMinutes(1));

        await RotateAsync(tenant, id, _second);
        await Store.ReopenAsync();

        await ShouldHaveAsync(tenant, id, _second, _first);
        (await EndpointAsync(tenant, id)).Secrets.PreviousExpiresAt.ShouldBe(Now + Grace);
    }

    [Fact]
    public async Task Rotation_without_a_grace_period_and_one_that_is_ended_leave_the_newest_alone()
    {
        var (tenant, id) = await SubscribeWithAsync(_first);

        var answered = await Store.Subscribers.RotateSecretAsync(tenant, id, _second, TimeSpan.Zero, Cancellation);

        answered.ShouldNotBeNull().Previous.ShouldBeNull();
        await ShouldHaveAsync(tenant, id, _second, null);

        await RotateAsync(tenant, id, _third);
        (await Store.Subscribers.EndGracePeriodAsync(tenant, id, Cancellation)).ShouldBeTrue();
        await ShouldHaveAsync(tenant, id, _third, null);
        (await Store.Subscribers.EndGracePeriodAsync(tenant, id, Cancellation)).ShouldBeTrue("it may be ended again");
        await Store.ReopenAsync();
        await ShouldHaveAsync(tenant, id, _third, null);
    }

    [Fact]
    public async Task Concurrent_rotations_leave_two_of_the_secrets_that_were_given()
    {
        var (tenant, id) = await SubscribeWithAsync(_first);
        var given = Enumerable.Range(0, 10).Select(_ => SigningSecret.Generate()).ToList();

        await Task.WhenAll(given.Select(secret => Task.Run(() => RotateAsync(tenant, id, secret))));

        var live = (await EndpointAsync(tenant, id)).Secrets;
        var texts = given.ConvertAll(secret => secret.Text);
        texts.ShouldContain(live.Current.Text);
        texts.ShouldContain(live.Previous.ShouldNotBeNull().Text);
        live.Previous.Text.ShouldNotBe(live.Current.Text);
    }

    [Fact]
    public async Task Settings_and_gate_outlive_a_rotation_and_secrets_a_change_of_settings()
    {
        var tenant = await NewTenantAsync();
        var created = await Store.Subscribers.CreateAsync(
            tenant, SettingsOf("a.*") with { Description = "kept" }, _first, Cancellation);
        await Store.Subscribers.SetPausedAsync(tenant, created.Id, true, Cancellation);

        await RotateAsync(tenant, created.Id, _second);
        await Store.Subscribers.UpdateAsync(
            tenant, created.Id, settings => settings with { MaxInFlight = 3 }, Cancellation);
        await Store.ReopenAsync();

        await ShouldHaveAsync(tenant, created.Id, _second, _first);
        var found = (await EndpointAsync(tenant, created.Id)).Subscriber;
        found.Settings.Description.ShouldBe("kept");
        found.Settings.MaxInFlight.ShouldBe(3);
        found.Gate.Status.ShouldBe(SubscriberStatus.Paused);
    }

    [Fact]
    public async Task Secrets_of_another_tenants_subscriber_or_of_none_are_not_touched()
    {
        var (tenant, id) = await SubscribeWithAsync(_first);
        var other = await NewTenantAsync("other");

        (await RotateAsync(other, id, _second)).ShouldBeNull();
        (await Store.Subscribers.EndGracePeriodAsync(other, id, Cancellation)).ShouldBeFalse();
        await ShouldHaveAsync(tenant, id, _first, null);

        await Store.Subscribers.DeleteAsync(tenant, id, Cancellation);
        (await RotateAsync(tenant, id, _second)).ShouldBeNull();
        (await Store.Subscribers.EndGracePeriodAsync(tenant, id, Cancellation)).ShouldBeFalse();
    }

    private async Task<(TenantId Tenant, SubscriberId Id)> SubscribeWithAsync(SigningSecret secret)
    {
        var tenant = await NewTenantAsync();
        return (tenant, (await Store.Subscribers.CreateAsync(tenant, SettingsOf("*"), secret, Cancellation)).Id);
    }

    private Task<SigningSecrets?> RotateAsync(TenantId tenant, SubscriberId id, SigningSecret secret) =>
        Store.Subscribers.RotateSecretAsync(tenant, id, secret, Grace, Cancellation);

    private async Task<EndpointSnapshot> EndpointAsync(TenantId tenant, SubscriberId id) =>
        (await Store.Subscribers.FindEndpointAsync(tenant, id, Cancellation)).ShouldNotBeNull();

    private async Task ShouldHaveAsync(TenantId tenant, SubscriberId id, SigningSecret current, SigningSecret? previous)
    {
        var secrets = (await EndpointAsync(tenant, id)).Secrets;
        secrets.Current.Text.ShouldBe(current.Text);
        secrets.Previous?.Text.ShouldBe(previous?.Text);
        (secrets.Previous is null).ShouldBe(previous is null);
    }
}
