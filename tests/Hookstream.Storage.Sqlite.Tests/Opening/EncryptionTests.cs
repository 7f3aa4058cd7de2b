using System.Security.Cryptography;
using System.Text;
using Hookstream.Core.Signing;

namespace Hookstream.Storage.Sqlite.Tests.Opening;

/// <summary>Secrets are unreadable on disk, and a wrong key is noticed before anything is written with it.</summary>
public sealed class EncryptionTests : IDisposable
{
    private readonly TemporaryDataDirectory _data = new();
    private readonly byte[] _old = RandomNumberGenerator.GetBytes(EncryptionKeyring.KeyLength);
    private readonly byte[] _new = RandomNumberGenerator.GetBytes(EncryptionKeyring.KeyLength);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Wrong_key_is_noticed_at_start_and_the_right_one_still_opens()
    {
        var secret = SigningSecret.Generate();
        var (tenant, subscriber) = await MakeSubscriberAsync(new EncryptionKeyring([_old]), secret);

        var refusal = await Should.ThrowAsync<EncryptionKeyMismatchException>(
            () => _data.OpenAsync(keyring: new EncryptionKeyring([_new])));

        refusal.Message.ShouldContain("HOOKSTREAM_ENCRYPTION_KEY");
        (await SecretOfAsync(new EncryptionKeyring([_old]), tenant, subscriber)).ShouldBe(secret.Text);
    }

    [Fact]
    public async Task Wrong_key_is_noticed_even_without_any_subscriber()
    {
        await (await _data.OpenAsync(keyring: new EncryptionKeyring([_old]))).DisposeAsync();

        await Should.ThrowAsync<EncryptionKeyMismatchException>(
            () => _data.OpenAsync(keyring: new EncryptionKeyring([_new])));
    }

    [Fact]
    public async Task Newer_key_in_front_of_the_old_one_reads_what_the_old_one_wrote()
    {
        var secret = SigningSecret.Generate();
        var (tenant, subscriber) = await MakeSubscriberAsync(new EncryptionKeyring([_old]), secret);

        (await SecretOfAsync(new EncryptionKeyring([_new, _old]), tenant, subscriber)).ShouldBe(secret.Text);
    }

    [Fact]
    public async Task Key_that_reads_only_some_of_the_secrets_is_refused()
    {
        var both = new EncryptionKeyring([_new, _old]);
        await MakeSubscriberAsync(new EncryptionKeyring([_old]), SigningSecret.Generate());
        await MakeSubscriberAsync(both, SigningSecret.Generate());

        var refusal = await Should.ThrowAsync<EncryptionKeyMismatchException>(
            () => _data.OpenAsync(keyring: new EncryptionKeyring([_old])));

        refusal.Message.ShouldContain("HOOKSTREAM_ENCRYPTION_KEY");
        await (await _data.OpenAsync(keyring: both)).DisposeAsync();
    }

    [Fact]
    public async Task Secret_moved_to_another_subscriber_is_refused()
    {
        var keyring = new EncryptionKeyring([_old]);
        await MakeSubscriberAsync(keyring, SigningSecret.Generate());
        await MakeSubscriberAsync(keyring, SigningSecret.Generate());
        _data.Execute("update subscribers set secret = (select secret from subscribers where no = 1) where no = 2");

        await Should.ThrowAsync<EncryptionKeyMismatchException>(() => _data.OpenAsync(keyring: keyring));
    }

    [Theory]
    [InlineData("headers = (select headers from subscribers where no = 1)", "headers")]
    [InlineData("headers = secret", "headers")]
    [InlineData("secret = headers", "secret")]
    public async Task Headers_are_bound_to_their_subscriber_and_to_being_headers(string tampering, string named)
    {
        var keyring = new EncryptionKeyring([_old]);
        await MakeSubscriberAsync(keyring, SigningSecret.Generate(), "Bearer one");
        await MakeSubscriberAsync(keyring, SigningSecret.Generate(), "Bearer two");
        _data.Execute($"update subscribers set {tampering} where no = 2");

        var refusal = await Should.ThrowAsync<EncryptionKeyMismatchException>(() => _data.OpenAsync(keyring: keyring));

        refusal.Message.ShouldContain(named);
    }

    [Fact]
    public async Task No_file_holds_a_secret_or_a_key_in_clear()
    {
        var keyring = new EncryptionKeyring([_old]);
        var secret = SigningSecret.Generate();
        await using var store = await _data.OpenAsync(keyring: keyring);
        var tenant = await NewTenantAsync(store);
        await store.Subscribers.CreateAsync(tenant, Settings("Bearer hunter2"), secret, Cancellation);
        var (key, record) = NewApiKey.Generate("ci", KeyScopes.All, null);
        await store.Tenants.CreateKeyAsync(tenant, record, Cancellation);

        using var copy = _data.CopyAsItIs();
        byte[] everything = [.. await File.ReadAllBytesAsync(copy.Database, Cancellation), .. await File.ReadAllBytesAsync(copy.Log, Cancellation)];

        Holds("receiver.example").ShouldBeTrue("the files are those of the store, and the search works");
        Holds(secret.Text).ShouldBeFalse();
        Holds(secret.Text["whsec_".Length..]).ShouldBeFalse();
        everything.AsSpan().IndexOf(secret.Key).ShouldBe(-1);
        Holds(key).ShouldBeFalse();
        Holds("hunter2").ShouldBeFalse();
        Holds("Authorization").ShouldBeFalse();
        everything.AsSpan().IndexOf(_old).ShouldBe(-1);

        bool Holds(string text) => everything.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
    }

    private async Task<(TenantId Tenant, SubscriberId Subscriber)> MakeSubscriberAsync(
        EncryptionKeyring keyring, SigningSecret secret, string? authorization = null)
    {
        await using var store = await _data.OpenAsync(keyring: keyring);
        var tenant = await NewTenantAsync(store);
        var subscriber = await store.Subscribers.CreateAsync(tenant, Settings(authorization), secret, Cancellation);
        return (tenant, subscriber.Id);
    }

    private async Task<string?> SecretOfAsync(EncryptionKeyring keyring, TenantId tenant, SubscriberId subscriber)
    {
        await using var store = await _data.OpenAsync(keyring: keyring);
        return (await store.Subscribers.FindEndpointAsync(tenant, subscriber, Cancellation))?.Secrets.Current.Text;
    }

    private static async Task<TenantId> NewTenantAsync(SqliteStore store) =>
        (await store.Tenants.CreateAsync(new TenantSettings("acme", null, null, false), Cancellation)).Tenant!.Id;

    private static SubscriberSettings Settings(string? authorization = null) => new()
    {
        Headers = authorization is null ? CustomHeaders.None : CustomHeaders.Of([new("Authorization", authorization)]),
        Url = new Uri("https://receiver.example/hooks"),
        Events = [EventFilter.TryParse("*", out var all) ? all! : throw new InvalidOperationException()],
    };
}
