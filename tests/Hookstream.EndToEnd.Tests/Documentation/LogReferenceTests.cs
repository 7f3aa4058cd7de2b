using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Documentation;

/// <summary>docs/operations/running.md has every field of an attempt's log line.</summary>
public sealed class LogReferenceTests(SharedServer shared)
{
    [Fact]
    public async Task Reference_has_every_field_of_an_attempt()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint());
        var posted = await tenant.PostAsync("order.paid");
        var delivery = await tenant.DeliveryIdAsync(posted.Id, subscription.Id);
        await shared.Server.Log.WaitForAsync($"\"delivery\":\"{delivery}\"");
        var attempt = shared.Server.Log.Records().First(
            record => record.TryGetProperty("delivery", out var id) && id.ToString() == delivery);

        var reference = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "operations", "running.md"), TestContext.Current.CancellationToken);

        var logs = reference.Split("\n## ").Single(section => section.StartsWith("Logs\n", StringComparison.Ordinal));
        foreach (var field in attempt.EnumerateObject())
            logs.ShouldContain($"`{field.Name}`", Case.Sensitive);
    }
}
