using System.Security.Cryptography;
using Hookstream.Core.Encryption;

namespace Hookstream.Conformance.Encryption;

/// <summary>Changing the encryption key: everything is brought under the newest one while the store is used.</summary>
public abstract class EncryptionSuite : StoreSuite
{
    private readonly byte[] _newKey = RandomNumberGenerator.GetBytes(EncryptionKeyring.KeyLength);

    [Fact]
    public async Task Store_is_opened_without_the_old_key_once_everything_was_encrypted_anew()
    {
        var tenant = await NewTenantAsync();
        var (first, second, third) = (SigningSecret.Generate(), SigningSecret.Generate(), SigningSecret.Generate());
        var headers = CustomHeaders.Of([new("Authorization", "Bearer x")]);
        var plain = await Store.Subscribers.CreateAsync(tenant, SettingsOf("*"), first, Cancellation);
        var full = await Store.Subscribers.CreateAsync(tenant, SettingsOf("*") with { Headers = headers }, second, Cancellation);
        await Store.Subscribers.RotateSecretAsync(tenant, full.Id, third, TimeSpan.FromDays(1), Cancellation);
        await AddNewKeyAsync();

        // The newest secret, the newest and the previous one with the headers, and the canary.
        (await ReencryptAsync()).ShouldBe(1 + 3 + 1);
        (await ReencryptAsync()).ShouldBe(0, "it is all under the newest key");
        Store.Keys = [_newKey];
        await Store.ReopenAsync();

        (await EndpointAsync(tenant, plain.Id)).Secrets.Current.Text.ShouldBe(first.Text);
        var kept = await EndpointAsync(tenant, full.Id);
        kept.Secrets.Current.Text.ShouldBe(third.Text);
        kept.Secrets.Previous.ShouldNotBeNull().Text.ShouldBe(second.Text);
        kept.Subscriber.Settings.Headers.All.ToArray().ShouldBe([new("Authorization", "Bearer x")]);
    }

    [Fact]
    public async Task Chunks_go_on_where_the_one_before_ended_and_a_run_that_was_given_up_is_taken_up()
    {
        const int Many = 250;
        var tenant = await NewTenantAsync();
        for (var i = 0; i < Many; i++)
            await SubscribeAsync(tenant);
        await AddNewKeyAsync();

        var begun = await Store.Encryption.ReencryptAsync(null, Cancellation);
        begun.Next.ShouldNotBeNull("more than a chunk is there");
        begun.Records.ShouldBeInRange(1, Many - 1);
        await Store.ReopenAsync();

        (await ReencryptAsync()).ShouldBe(Many - begun.Records + 1);
        Store.Keys = [_newKey];
        await Store.ReopenAsync();
    }

    [Fact]
    public async Task What_is_rotated_and_changed_while_it_runs_is_kept()
    {
        var tenant = await NewTenantAsync();
        var ids = new List<SubscriberId>();
        for (var i = 0; i < 120; i++)
            ids.Add((await SubscribeAsync(tenant, SettingsOf("*") with { Headers = HeadersOf("old") })).Id);
        await AddNewKeyAsync();
        var secrets = new Dictionary<SubscriberId, SigningSecret>();

        var running = Task.Run(ReencryptAsync, Cancellation);
        foreach (var id in ids)
        {
            secrets[id] = SigningSecret.Generate();
            await Store.Subscribers.RotateSecretAsync(tenant, id, secrets[id], TimeSpan.FromDays(1), Cancellation);
            await Store.Subscribers.UpdateAsync(tenant, id, settings => settings with { Headers = HeadersOf("new") }, Cancellation);
        }

        await running;
        await ReencryptAsync();
        Store.Keys = [_newKey];
        await Store.ReopenAsync();
        foreach (var id in ids)
        {
            var endpoint = await EndpointAsync(tenant, id);
            endpoint.Secrets.Current.Text.ShouldBe(secrets[id].Text);
            endpoint.Secrets.Previous.ShouldNotBeNull();
            endpoint.Subscriber.Settings.Headers.All[0].Value.ShouldBe("new");
        }
    }

    [Fact]
    public async Task Deleted_subscribers_stand_in_nobodys_way()
    {
        var tenant = await NewTenantAsync();
        var deleted = await SubscribeAsync(tenant);
        await SubscribeAsync(tenant);
        await Store.Subscribers.DeleteAsync(tenant, deleted.Id, Cancellation);
        var gone = await NewTenantAsync("gone");
        await SubscribeAsync(gone);
        await Store.Tenants.DeleteAsync(gone, Cancellation);
        await AddNewKeyAsync();

        (await ReencryptAsync()).ShouldBe(1 + 1);
        Store.Keys = [_newKey];
        await Store.ReopenAsync();
        (await Store.Subscribers.ListAsync(tenant, new PageRequest(10, null), Cancellation)).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Interrupted_run_leaves_a_store_that_needs_both_keys()
    {
        var old = Store.Keys;
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await AddNewKeyAsync();
        await ReencryptAsync();
        await SubscribeAsync(tenant);

        Store.Keys = old;
        await Should.ThrowAsync<EncryptionKeyMismatchException>(Store.ReopenAsync);

        Store.Keys = [_newKey];
        await Store.ReopenAsync();
    }

    private Task AddNewKeyAsync()
    {
        Store.Keys = [_newKey, .. Store.Keys];
        return Store.ReopenAsync();
    }

    private async Task<int> ReencryptAsync()
    {
        var records = 0;
        SubscriberId? next = null;
        do
        {
            var chunk = await Store.Encryption.ReencryptAsync(next, Cancellation);
            records += chunk.Records;
            next = chunk.Next;
        }
        while (next is not null);

        return records;
    }

    private async Task<EndpointSnapshot> EndpointAsync(TenantId tenant, SubscriberId id) =>
        (await Store.Subscribers.FindEndpointAsync(tenant, id, Cancellation)).ShouldNotBeNull();

    private static CustomHeaders HeadersOf(string value) => CustomHeaders.Of([new("X-Key", value)]);
}
