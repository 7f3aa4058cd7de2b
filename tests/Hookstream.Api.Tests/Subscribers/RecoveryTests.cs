using Hookstream.Core.Recoveries;

namespace Hookstream.Api.Tests.Subscribers;

public sealed class RecoveryTests : IAsyncLifetime
{
    private static readonly SubscriberId Subscriber = SubscriberId.New(ApiServer.Now);

    private readonly ApiServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Recovery_is_accepted_with_its_window_and_the_count()
    {
        _server.Deliveries.NextRecovery = RecoveryOutcome.Accepted;
        var since = ApiServer.Now - TimeSpan.FromHours(3);

        var answer = await RecoverAsync("""{"since":"2026-01-02T00:04:05.678Z","until":"2026-01-02T01:04:05.678Z"}""");

        answer.Status.ShouldBe(202, answer.Text);
        answer.Data.GetProperty("count").GetInt64().ShouldBe(9);
        var (subscriber, window) = _server.Deliveries.LastRecovery.ShouldNotBeNull();
        subscriber.ShouldBe(Subscriber);
        window.ShouldBe(new RecoveryWindow(
            since, since + TimeSpan.FromHours(1), ApiServer.Now - TimeSpan.FromDays(30) + TimeSpan.FromHours(1)));
        (await RecoverAsync("""{"since":"2026-01-02T03:04:05.678Z"}""")).Status.ShouldBe(202, "until now, which is not the future");
        _server.Deliveries.LastRecovery!.Value.Window.Until.ShouldBeNull();
    }

    [Theory]
    [InlineData("{}", "since")]
    [InlineData("""{"since":null,"until":null}""", "since")]
    [InlineData("""{"since":7,"until":"soon"}""", "since,until")]
    [InlineData("""{"since":"2026-01-02T03:04:05.679Z"}""", "since")]
    [InlineData("""{"since":"2026-01-02T03:04:05.679Z","until":"2026-01-01T00:00:00Z","dry_run":true}""", "dry_run,since,until")]
    [InlineData("""{"since":"2026-01-01T00:00:00Z","until":"2026-01-01T01:00:00+01:00"}""", "until")]
    public async Task Recovery_is_validated(string body, string fields)
    {
        var answer = await RecoverAsync(body);

        answer.ShouldFail(400, "validation_failed");
        string.Join(',', answer.ErrorFields).ShouldBe(fields);
        _server.Deliveries.LastRecovery.ShouldBeNull();
    }

    [Theory]
    [InlineData(RecoveryOutcome.NotFound, 404, "not_found")]
    [InlineData(RecoveryOutcome.Disabled, 409, "conflict")]
    public async Task Refusal_is_answered(RecoveryOutcome outcome, int status, string code)
    {
        _server.Deliveries.NextRecovery = outcome;

        (await RecoverAsync("""{"since":"2026-01-01T00:00:00Z"}""")).ShouldFail(status, code);
    }

    [Fact]
    public async Task Malformed_id_is_not_found() =>
        (await _server.PostAsync("/api/v1/subscribers/sub_x/recover", """{"since":"2026-01-01T00:00:00Z"}"""))
            .ShouldFail(404, "not_found");

    private Task<Answered> RecoverAsync(string body) => _server.PostAsync($"/api/v1/subscribers/{Subscriber}/recover", body);
}
