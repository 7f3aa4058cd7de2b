namespace Hookstream.Conformance.Subscribers;

/// <summary>When a subscriber is due to be challenged, and what comes of it.</summary>
public abstract class ChallengeSuite : StoreSuite
{
    [Theory]
    [InlineData(null)]
    [InlineData(VerificationMode.Optional)]
    [InlineData(VerificationMode.Required)]
    public async Task Challenge_of_a_new_subscriber_is_due_at_once(VerificationMode? mode)
    {
        var tenant = await NewTenantAsync();
        var secret = SigningSecret.Generate();
        var subscriber = await Store.Subscribers.CreateAsync(
            tenant, SettingsOf("*") with { Verification = mode }, secret, Cancellation);

        var due = (await Store.Subscribers.TakeChallengesAsync(10, Hold, Cancellation)).ShouldHaveSingleItem();

        due.Endpoint.Id.ShouldBe(subscriber.Id);
        due.Endpoint.Secrets.Current.Text.ShouldBe(secret.Text);
        due.Failures.ShouldBe(0);
        due.Since.ShouldBe(Now);
    }

    [Fact]
    public async Task Challenge_is_never_due_where_nobody_asks_for_it()
    {
        await using var lax = await CreateAsync(Time, VerificationMode.None);
        var tenant = (await lax.Tenants.CreateAsync(new TenantSettings("acme", null, null, false), Cancellation)).Tenant!.Id;

        foreach (var mode in new VerificationMode?[] { null, VerificationMode.None })
        {
            var subscriber = await lax.Subscribers.CreateAsync(
                tenant, SettingsOf("*") with { Verification = mode }, SigningSecret.Generate(), Cancellation);
            subscriber.Gate.Status.ShouldBe(SubscriberStatus.Active);
        }

        (await lax.Subscribers.TakeChallengesAsync(10, Hold, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Deployment_sets_the_least_that_a_subscriber_can_ask_for()
    {
        await using var strict = await CreateAsync(Time, VerificationMode.Required);
        var tenant = (await strict.Tenants.CreateAsync(new TenantSettings("acme", null, null, false), Cancellation)).Tenant!.Id;

        var subscriber = await strict.Subscribers.CreateAsync(
            tenant, SettingsOf("*") with { Verification = VerificationMode.None }, SigningSecret.Generate(), Cancellation);

        subscriber.Gate.Verification.ShouldBe(VerificationMode.Required);
        subscriber.Gate.Status.ShouldBe(SubscriberStatus.PendingVerification);
    }

    [Fact]
    public async Task Answered_challenge_is_not_due_again()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant, SettingsOf("*") with { Verification = VerificationMode.Required });
        Tick();

        var verified = await Store.Subscribers.RecordChallengeAsync(
            tenant, subscriber.Id, subscriber.Settings.Url, true, 0, null, Cancellation);

        verified.ShouldNotBeNull().Gate.VerifiedAt.ShouldBe(Now);
        verified.Gate.Status.ShouldBe(SubscriberStatus.Active);
        var at = Now;
        await Store.ReopenAsync();
        Time.Advance(TimeSpan.FromDays(2));
        (await Store.Subscribers.TakeChallengesAsync(10, Hold, Cancellation)).ShouldBeEmpty();
        (await Store.Subscribers.FindAsync(tenant, subscriber.Id, Cancellation))!.Gate.VerifiedAt.ShouldBe(at);
    }

    [Fact]
    public async Task Failed_challenge_is_due_again_after_its_wait_and_counts()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        var since = Now;

        for (var failures = 1; failures <= 3; failures++)
        {
            var wait = TimeSpan.FromMinutes(failures);
            await Store.Subscribers.RecordChallengeAsync(
                tenant, subscriber.Id, subscriber.Settings.Url, false, failures - 1, wait, Cancellation);
            await Store.ReopenAsync();

            Time.Advance(wait - TimeSpan.FromMilliseconds(1));
            (await Store.Subscribers.TakeChallengesAsync(10, Hold, Cancellation)).ShouldBeEmpty();
            Time.Advance(TimeSpan.FromMilliseconds(1));
            var due = (await Store.Subscribers.TakeChallengesAsync(10, Hold, Cancellation)).ShouldHaveSingleItem();
            due.Failures.ShouldBe(failures);
            due.Since.ShouldBe(since);
        }
    }

    [Fact]
    public async Task Failed_challenge_without_another_wait_is_the_last()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);

        var recorded = await Store.Subscribers.RecordChallengeAsync(
            tenant, subscriber.Id, subscriber.Settings.Url, false, 0, null, Cancellation);

        recorded.ShouldNotBeNull().Gate.VerifiedAt.ShouldBeNull();
        Time.Advance(TimeSpan.FromDays(30));
        (await Store.Subscribers.TakeChallengesAsync(10, Hold, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Answer_from_a_url_that_has_changed_verifies_nothing()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        var old = subscriber.Settings.Url;
        await Store.Subscribers.UpdateAsync(
            tenant, subscriber.Id, settings => settings with { Url = new Uri("https://elsewhere.example/") }, Cancellation);

        await Store.Subscribers.RecordChallengeAsync(tenant, subscriber.Id, old, true, 0, null, Cancellation);

        var found = await Store.Subscribers.FindAsync(tenant, subscriber.Id, Cancellation);
        found.ShouldNotBeNull().Gate.VerifiedAt.ShouldBeNull();
        (await Store.Subscribers.TakeChallengesAsync(10, Hold, Cancellation)).ShouldHaveSingleItem().Failures.ShouldBe(0);
    }

    [Fact]
    public async Task New_url_begins_the_challenges_anew()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await Store.Subscribers.RecordChallengeAsync(
            tenant, subscriber.Id, subscriber.Settings.Url, false, 0, null, Cancellation);
        Time.Advance(TimeSpan.FromDays(3));

        await Store.Subscribers.UpdateAsync(
            tenant, subscriber.Id, settings => settings with { Url = new Uri("https://elsewhere.example/") }, Cancellation);

        var due = (await Store.Subscribers.TakeChallengesAsync(10, Hold, Cancellation)).ShouldHaveSingleItem();
        due.Failures.ShouldBe(0);
        due.Since.ShouldBe(Now);
    }

    [Fact]
    public async Task Challenge_that_was_taken_is_due_again_when_nothing_was_recorded_until_the_end_of_the_hold()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        var taken = (await Store.Subscribers.TakeChallengesAsync(10, Hold, Cancellation)).ShouldHaveSingleItem();

        Time.Advance(Hold - TimeSpan.FromMilliseconds(1));
        (await Store.Subscribers.TakeChallengesAsync(10, Hold, Cancellation)).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMilliseconds(1));

        var again = (await Store.Subscribers.TakeChallengesAsync(10, Hold, Cancellation)).ShouldHaveSingleItem();
        again.Endpoint.Id.ShouldBe(taken.Endpoint.Id);
        again.Failures.ShouldBe(0);
    }

    [Fact]
    public async Task Challenge_that_is_given_back_is_due_at_once()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        var taken = (await Store.Subscribers.TakeChallengesAsync(10, Hold, Cancellation)).ShouldHaveSingleItem();

        await Store.Subscribers.ReturnChallengeAsync(taken, Cancellation);

        (await Store.Subscribers.TakeChallengesAsync(10, Hold, Cancellation)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Challenge_that_was_answered_or_has_failed_meanwhile_is_not_given_back()
    {
        var tenant = await NewTenantAsync();
        var verified = await SubscribeAsync(tenant);
        var failed = await SubscribeAsync(tenant);
        var taken = await Store.Subscribers.TakeChallengesAsync(10, Hold, Cancellation);
        await Store.Subscribers.RecordChallengeAsync(tenant, verified.Id, verified.Settings.Url, true, 0, null, Cancellation);
        await Store.Subscribers.RecordChallengeAsync(
            tenant, failed.Id, failed.Settings.Url, false, 0, TimeSpan.FromMinutes(1), Cancellation);

        foreach (var challenge in taken)
            await Store.Subscribers.ReturnChallengeAsync(challenge, Cancellation);

        (await Store.Subscribers.TakeChallengesAsync(10, Hold, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Failure_that_is_recorded_after_another_one_of_the_same_turn_counts_once()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        var url = subscriber.Settings.Url;
        foreach (var wait in new[] { TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(9) })
            await Store.Subscribers.RecordChallengeAsync(tenant, subscriber.Id, url, false, 0, wait, Cancellation);

        Time.Advance(TimeSpan.FromMinutes(1));

        (await Store.Subscribers.TakeChallengesAsync(10, Hold, Cancellation)).ShouldHaveSingleItem().Failures.ShouldBe(1);
    }

    [Fact]
    public async Task Many_who_ask_at_once_take_each_challenge_once()
    {
        var tenant = await NewTenantAsync();
        var made = new List<SubscriberId>();
        for (var i = 0; i < 20; i++)
            made.Add((await SubscribeAsync(tenant)).Id);

        var taken = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(_ => Task.Run(() => Store.Subscribers.TakeChallengesAsync(5, Hold, Cancellation))));

        taken.SelectMany(challenges => challenges).Select(challenge => challenge.Endpoint.Id)
            .Concat((await Store.Subscribers.TakeChallengesAsync(20, Hold, Cancellation)).Select(challenge => challenge.Endpoint.Id))
            .ShouldBe(made, ignoreOrder: true);
    }

    [Fact]
    public async Task Due_challenges_are_no_more_than_the_limit()
    {
        var tenant = await NewTenantAsync();
        for (var i = 0; i < 5; i++)
            await SubscribeAsync(tenant);

        (await Store.Subscribers.TakeChallengesAsync(3, Hold, Cancellation)).Count.ShouldBe(3);
        (await Store.Subscribers.TakeChallengesAsync(10, Hold, Cancellation)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Answer_of_an_unknown_subscriber_is_null()
    {
        var tenant = await NewTenantAsync();

        (await Store.Subscribers.RecordChallengeAsync(
            tenant, SubscriberId.New(Now), new Uri("https://a.example/"), true, 0, null, Cancellation)).ShouldBeNull();
    }
}
