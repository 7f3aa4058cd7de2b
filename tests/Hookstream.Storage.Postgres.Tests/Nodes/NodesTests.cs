using System.Diagnostics;
using Hookstream.Core.Signing;
using Hookstream.TestServers.Programs;

namespace Hookstream.Storage.Postgres.Tests.Nodes;

/// <summary>Two nodes of one deployment: what one changes, the other honours, whether it is told or has to look.</summary>
public sealed class NodesTests : IAsyncLifetime
{
    // What other nodes change is honoured within this; the test's own steps take a part of it.
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(1);

    // A busy machine may make it longer now and then, a program that is late is so each time.
    private const int Rounds = 5;

    private readonly List<PostgresStore> _nodes = [];
    private PostgresStoreUnderTest? _test;

    private PostgresStore Here => _nodes[0];

    private PostgresStore There => _nodes[1];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        if (_test is not null)
            await _test.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_one_node_changes_the_other_knows_within_a_second(bool listen)
    {
        await OpenAsync(listen);
        var tenant = await NewTenantAsync();
        await UntilAsync(async () => await There.Tenants.FindAsync(tenant, Cancellation) is not null);

        await WithinPromiseAsync(async round =>
        {
            var name = $"renamed {round}";
            await Here.Tenants.UpdateAsync(tenant, settings => settings with { Name = name, Suspended = true }, Cancellation);
            return async () => await There.Tenants.FindAsync(tenant, Cancellation) is { Suspended: true } found && found.Name == name;
        });
    }

    [Fact]
    public async Task Tenant_made_on_one_node_is_found_on_the_other_at_once()
    {
        await OpenAsync(listen: false);

        var made = await Here.Tenants.CreateAsync(new TenantSettings("acme", "crm-1", null, Suspended: false), Cancellation);

        var tenant = made.Tenant.ShouldNotBeNull();
        (await There.Tenants.FindAsync(tenant.Id, Cancellation)).ShouldBe(tenant);
        (await There.Tenants.FindByExternalIdAsync("crm-1", Cancellation)).ShouldBe(tenant);
    }

    [Fact]
    public async Task Key_works_on_the_other_node_at_once_and_stops_within_a_second_of_its_revocation()
    {
        await OpenAsync(listen: false);
        var tenant = await NewTenantAsync();

        await WithinPromiseAsync(async _ =>
        {
            var (_, record) = NewApiKey.Generate("ci", KeyScopes.All, null);
            var key = (await Here.Tenants.CreateKeyAsync(tenant, record, Cancellation)).ShouldNotBeNull();
            (await There.Tenants.AuthenticateAsync(record.Hash, Cancellation)).ShouldNotBeNull().Key.Id.ShouldBe(key.Id);

            (await Here.Tenants.RevokeKeyAsync(tenant, key.Id, Cancellation)).ShouldBe(RemovalOutcome.Removed);

            (await Here.Tenants.AuthenticateAsync(record.Hash, Cancellation)).ShouldBeNull();
            return async () => await There.Tenants.AuthenticateAsync(record.Hash, Cancellation) is null;
        });
    }

    [Fact]
    public async Task Event_appended_on_another_node_matches_a_subscriber_that_was_just_made()
    {
        await OpenAsync(listen: false);
        var tenant = await NewTenantAsync();
        for (var subscribers = 1; subscribers <= 5; subscribers++)
        {
            var subscriber = await SubscribeAsync(tenant);
            // What an append goes by has to be known there, whoever was asked before.
            (await There.Tenants.FindAsync(tenant, Cancellation)).ShouldNotBeNull();

            var appended = await AppendAsync(There, tenant);

            var deliveries = await There.Deliveries.OfEventAsync(tenant, appended.Id, Cancellation);
            deliveries.Count.ShouldBe(subscribers);
            deliveries.ShouldContain(delivery => delivery.Delivery.Subscriber == subscriber.Id);
        }
    }

    [Fact]
    public async Task Event_appended_on_another_node_does_not_match_a_subscriber_that_was_just_deleted()
    {
        await OpenAsync(listen: false);
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await AppendAsync(There, tenant, wait: true);

        (await Here.Subscribers.DeleteAsync(tenant, subscriber.Id, Cancellation)).ShouldBeTrue();

        var appended = await AppendAsync(There, tenant);
        (await There.Deliveries.OfEventAsync(tenant, appended.Id, Cancellation)).ShouldBeEmpty();
        (await There.Subscribers.FindAsync(tenant, subscriber.Id, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task After_a_pause_is_answered_the_other_node_claims_nothing()
    {
        await OpenAsync(listen: false);
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        for (var round = 0; round < 5; round++)
        {
            await AppendAsync(There, tenant, wait: true);
            await UntilAsync(async () => await ClaimAndReleaseAsync(There) > 0);

            await Here.Subscribers.SetPausedAsync(tenant, subscriber.Id, true, Cancellation);

            (await ClaimAndReleaseAsync(There)).ShouldBe(0);
            (await There.Subscribers.FindAsync(tenant, subscriber.Id, Cancellation)).ShouldNotBeNull().Gate.Paused.ShouldBeTrue();
            await Here.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rotated_secret_and_changed_headers_are_used_on_the_other_node_within_a_second(bool listen)
    {
        await OpenAsync(listen);
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await AppendAsync(There, tenant, wait: true);
        var lease = await ClaimOneAsync(There);

        await WithinPromiseAsync(_ => RotateAsync());
        await WithinPromiseAsync(async _ =>
        {
            await UntilAsync(await RotateAsync());
            (await EndpointAsync()).Secrets.Previous.ShouldNotBeNull();
            await Here.Subscribers.EndGracePeriodAsync(tenant, subscriber.Id, Cancellation);
            return async () => (await EndpointAsync()).Secrets.Previous is null;
        });
        await WithinPromiseAsync(async round =>
        {
            var headers = CustomHeaders.Of([.. Enumerable.Range(0, round).Select(number => new KeyValuePair<string, string>($"X-Key-{number}", "new"))]);
            await Here.Subscribers.UpdateAsync(tenant, subscriber.Id, settings => settings with { Headers = headers }, Cancellation);
            return async () => (await EndpointAsync()).Subscriber.Settings.Headers.All.Length == round;
        });

        async Task<Func<Task<bool>>> RotateAsync()
        {
            var secret = SigningSecret.Generate();
            await Here.Subscribers.RotateSecretAsync(tenant, subscriber.Id, secret, TimeSpan.FromHours(1), Cancellation);
            return async () => (await EndpointAsync()).Secrets.Current.Text == secret.Text;
        }

        // What a worker is given with a delivery, which asks nobody whether something has changed.
        async Task<EndpointSnapshot> EndpointAsync() => (await There.Deliveries.LoadAsync([lease], Cancellation)).Single().Endpoint;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_other_node_gives_back_is_claimed_though_what_came_after_it_was_claimed_before(bool listen)
    {
        await OpenAsync(listen);
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await AppendAsync(There, tenant, wait: true);
        var first = await ClaimOneAsync(There);
        await AppendAsync(Here, tenant, wait: true);
        var second = await ClaimOneAsync(Here);
        second.Delivery.ShouldNotBe(first.Delivery);

        await There.Queue.ReleaseAsync([first], Cancellation);

        (await ClaimOneAsync(Here)).Delivery.ShouldBe(first.Delivery);
    }

    [Fact]
    public async Task Changes_of_one_subscriber_on_two_nodes_at_once_are_all_kept()
    {
        await OpenAsync(listen: true);
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant, maxInFlight: 1);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _nodes[i % 2].Subscribers.UpdateAsync(
            tenant, subscriber.Id, settings => settings with { MaxInFlight = settings.MaxInFlight + 1 }, Cancellation)));

        foreach (var node in _nodes)
        {
            (await node.Subscribers.FindAsync(tenant, subscriber.Id, Cancellation)).ShouldNotBeNull()
                .Settings.MaxInFlight.ShouldBe(21);
        }
    }

    [Fact]
    public async Task Nodes_that_start_at_once_make_one_default_tenant()
    {
        await OpenAsync(listen: true);
        var token = KeyHash.Of("a token of the deployment");

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _nodes[i % 2].Tenants.EnsureDefaultAsync(token, Cancellation)));

        made.DistinctBy(tenant => tenant.Id).ShouldHaveSingleItem();
        (await _test!.Database.CountAsync("select count(*) from tenants")).ShouldBe(1);
        (await _test.Database.CountAsync("select count(*) from api_keys")).ShouldBe(1);
        (await There.Tenants.AuthenticateAsync(token, Cancellation)).ShouldNotBeNull().Tenant.Id.ShouldBe(made[0].Id);
    }

    [Fact]
    public async Task Event_of_a_tenant_deleted_elsewhere_fails_alone()
    {
        await OpenAsync(listen: false);
        var gone = await NewTenantAsync();
        var live = await NewTenantAsync();
        await AppendAsync(There, gone, wait: true);
        await AppendAsync(There, live, wait: true);
        await Here.Tenants.DeleteAsync(gone, Cancellation);

        var appends = Enumerable.Range(0, 60).Select(i => AppendAsync(There, i % 10 == 5 ? gone : live)).ToList();

        for (var i = 0; i < appends.Count; i++)
        {
            if (i % 10 == 5)
                await Should.ThrowAsync<StoreUnavailableException>(appends[i]);
            else
                (await appends[i]).Outcome.ShouldBe(AppendOutcome.Accepted);
        }
    }

    [Fact]
    public async Task Same_keys_in_opposite_orders_on_two_nodes_at_once_are_accepted_once_each()
    {
        await OpenAsync(listen: false);
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await AppendAsync(There, tenant, wait: true);
        EventType.TryParse("order.paid", out var type).ShouldBeTrue();
        for (var round = 0; round < 10; round++)
        {
            var keys = Enumerable.Range(0, 200).Select(i => $"{round}-{i}").ToArray();

            var results = await Task.WhenAll(
                Task.Run(() => BatchAsync(Here, keys)),
                Task.Run(() => BatchAsync(There, [.. keys.Reverse()])));

            foreach (var byKey in results.SelectMany(batch => batch).ToLookup(one => one.Key, one => one.Result))
            {
                byKey.Select(result => result.Outcome)
                    .ShouldBe([AppendOutcome.Accepted, AppendOutcome.Duplicate], ignoreOrder: true, byKey.Key);
                byKey.Select(result => result.Id).Distinct().ShouldHaveSingleItem();
            }
        }

        (await _test!.Database.CountAsync("select count(*) from unfinished")).ShouldBe(1 + (10 * 200));

        async Task<IEnumerable<(string Key, AppendResult Result)>> BatchAsync(PostgresStore node, string[] keys) =>
            keys.Zip(await node.Events.AppendAsync(
                [.. keys.Select(key => new NewEvent(tenant, type, "{}"u8.ToArray(), EventPriority.Normal, key))], Cancellation));
    }

    [Fact]
    public async Task Challenge_is_taken_by_one_of_two_nodes_wherever_the_subscriber_was_made()
    {
        await OpenAsync(listen: false);
        var tenant = await NewTenantAsync();
        for (var round = 0; round < 10; round++)
        {
            var subscriber = await SubscribeAsync(tenant);

            var taken = await Task.WhenAll(_nodes.Select(node =>
                Task.Run(() => node.Subscribers.TakeChallengesAsync(10, TimeSpan.FromMinutes(2), Cancellation))));

            taken.SelectMany(challenges => challenges).ShouldHaveSingleItem().Endpoint.Id.ShouldBe(subscriber.Id);
        }
    }

    [Fact]
    public async Task Challenge_goes_to_the_url_that_another_node_has_just_set()
    {
        await OpenAsync(listen: false);
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await UntilAsync(async () => await There.Subscribers.FindAsync(tenant, subscriber.Id, Cancellation) is not null);
        var moved = new Uri("https://elsewhere.example/hooks");
        await Here.Subscribers.UpdateAsync(tenant, subscriber.Id, settings => settings with { Url = moved }, Cancellation);

        var taken = await There.Subscribers.TakeChallengesAsync(10, TimeSpan.FromMinutes(2), Cancellation);

        taken.ShouldHaveSingleItem().Endpoint.Subscriber.Settings.Url.ShouldBe(moved);
    }

    private async Task OpenAsync(bool listen)
    {
        _test = (PostgresStoreUnderTest)await PostgresStoreUnderTest.CreateAsync(TimeProvider.System, VerificationMode.Optional);
        for (var i = 0; i < 2; i++)
        {
            _nodes.Add(await _test.OpenNodeAsync(
                TimeProvider.System, configure: options => options with { Listen = listen, Clock = ClockSource.Store }));
        }
    }

    private async Task<TenantId> NewTenantAsync() =>
        (await Here.Tenants.CreateAsync(new TenantSettings("acme", null, null, Suspended: false), Cancellation))
        .Tenant.ShouldNotBeNull().Id;

    private Task<Subscriber> SubscribeAsync(TenantId tenant, int? maxInFlight = null)
    {
        EventFilter.TryParse("*", out var all).ShouldBeTrue();
        return Here.Subscribers.CreateAsync(
            tenant,
            new SubscriberSettings { Url = new Uri("https://receiver.example/hooks"), Events = [all!], MaxInFlight = maxInFlight },
            SigningSecret.Generate(),
            Cancellation);
    }

    private static async Task<AppendResult> AppendAsync(PostgresStore node, TenantId tenant, bool wait = false)
    {
        if (wait)
            await UntilAsync(async () => await node.Tenants.FindAsync(tenant, Cancellation) is not null);
        EventType.TryParse("order.paid", out var type).ShouldBeTrue();
        var appended = await node.Events.AppendAsync(
            new NewEvent(tenant, type, "{}"u8.ToArray(), EventPriority.Normal, null), Cancellation);
        appended.Outcome.ShouldBe(AppendOutcome.Accepted);
        return appended;
    }

    private static async Task<Lease> ClaimOneAsync(PostgresStore node)
    {
        IReadOnlyList<Lease> leases = [];
        await UntilAsync(async () =>
        {
            leases = await node.Queue.ClaimAsync(
                new ClaimRequest(1, 1, new Dictionary<SubscriberId, int>(), TimeSpan.FromSeconds(60)), Cancellation);
            return leases.Count > 0;
        });
        return leases.Single();
    }

    private static async Task<int> ClaimAndReleaseAsync(PostgresStore node)
    {
        var leases = await node.Queue.ClaimAsync(
            new ClaimRequest(100, 100, new Dictionary<SubscriberId, int>(), TimeSpan.FromSeconds(60)), Cancellation);
        if (leases.Count > 0)
            await node.Queue.ReleaseAsync(leases, Cancellation);
        return leases.Count;
    }

    // Makes a change, and is told how to see it.
    private static async Task WithinPromiseAsync(Func<int, Task<Func<Task<bool>>>> changeAsync)
    {
        var took = new List<TimeSpan>();
        do
        {
            took.Add(await UntilAsync(await changeAsync(took.Count + 1)));
        }
        while (took[^1] >= Promise && took.Count < Rounds);
        took[^1].ShouldBeLessThan(Promise, string.Join(", ", took));
    }

    private static async Task<TimeSpan> UntilAsync(Func<Task<bool>> condition)
    {
        var waiting = Stopwatch.StartNew();
        while (!await condition())
        {
            waiting.Elapsed.ShouldBeLessThan(Patience.Limit);
            await Task.Delay(5, Cancellation);
        }

        return waiting.Elapsed;
    }
}
