using System.CommandLine;
using System.Globalization;
using Hookstream.Client.Subscribers;
using Hookstream.Server.Commands.Deliveries;
using Hookstream.Server.Commands.Terminal;

namespace Hookstream.Server.Commands.Subscribers;

internal static class SubscribersCommand
{
    public static Command Build(ApiCommands api) =>
        new("subscribers", "The endpoints that events are delivered to")
        {
            List(api),
            CreateSubscriberCommand.Build(api),
            Change(api, "get", "Show a subscriber", (subscribers, id, cancel) => subscribers.GetAsync(id, cancel)),
            UpdateSubscriberCommand.Build(api),
            Delete(api),
            Change(api, "pause", "Hold a subscriber's deliveries", (subscribers, id, cancel) => subscribers.PauseAsync(id, cancel)),
            Change(api, "resume", "Deliver what was held, and enable a disabled subscriber again", (subscribers, id, cancel) =>
                subscribers.ResumeAsync(id, cancel)),
            RecoverSubscriberCommand.Build(api),
            Change(api, "reset-circuit", "Close a subscriber's circuit, and deliver what waits at once", (subscribers, id, cancel) =>
                subscribers.ResetCircuitAsync(id, cancel)),
            RotateSecretCommand.Build(api),
            RotateSecretCommand.BuildEnd(api),
            Verify(api),
            Test(api),
        };

    public static void Print(CommandSession session, Subscriber subscriber, string? secret = null) =>
        Listing.One(
            session.Output,
            subscriber,
            ("id", subscriber.Id),
            ("url", subscriber.Url),
            ("events", Listing.List(subscriber.Events)),
            ("secret", secret),
            ("description", subscriber.Description),
            ("status", subscriber.StatusReason is { } reason ? $"{subscriber.Status} ({reason})" : subscriber.Status),
            ("verified", Listing.Time(subscriber.VerifiedAt) ?? "no"),
            ("circuit", subscriber.Circuit),
            ("next probe", Listing.Time(subscriber.NextProbeAt)),
            ("timeout", subscriber.TimeoutMs is { } timeout ? $"{timeout} ms" : null),
            ("retry schedule", Listing.List(subscriber.RetrySchedule)),
            ("circuit threshold", subscriber.CircuitThreshold?.ToString(CultureInfo.InvariantCulture)),
            ("circuit cooldown", subscriber.CircuitCooldown),
            ("max in flight", subscriber.MaxInFlight?.ToString(CultureInfo.InvariantCulture)),
            ("rate limit", subscriber.RateLimitPerSecond is { } rate ? string.Create(CultureInfo.InvariantCulture, $"{rate}/s") : null),
            ("headers", subscriber.Headers is { Count: > 0 } headers ? Listing.List([.. headers.Keys]) : null),
            ("payload format", subscriber.PayloadFormat),
            ("verification", subscriber.Verification),
            ("metadata", subscriber.Metadata?.ToString()),
            ("created", Listing.Time(subscriber.CreatedAt)));

    private static Command List(ApiCommands api)
    {
        var (limit, cursor) = Symbols.Paging();
        var command = new Command("list", "List subscribers, newest first") { limit, cursor };
        api.Run(command, async (session, cancellationToken) =>
        {
            var page = await session.Client.Subscribers
                .ListPageAsync(new(session.Get(limit), session.Get(cursor)), cancellationToken).ConfigureAwait(false);
            await Listing.PageAsync(
                session.Output,
                page,
                "There are no subscribers; make one with: hookstream subscribers create URL --events 'payment.*'",
                ["id", "status", "verified", "events", "url"],
                subscriber =>
                [
                    subscriber.Id, Status(subscriber), subscriber.VerifiedAt is null ? "no" : "yes",
                    Listing.List(subscriber.Events), subscriber.Url,
                ])
                .ConfigureAwait(false);
        });
        return command;
    }

    // An active endpoint whose circuit is not closed is not delivered to either.
    private static string Status(Subscriber subscriber) =>
        subscriber.Circuit == "closed" ? subscriber.Status : $"{subscriber.Status} (circuit {subscriber.Circuit})";

    private static Command Delete(ApiCommands api)
    {
        var id = Symbols.Id("subscriber", "sub");
        var command = new Command("delete", "Delete a subscriber; its pending deliveries are cancelled") { id };
        api.Run(command, async (session, cancellationToken) =>
        {
            await session.Client.Subscribers.DeleteAsync(session.Get(id), cancellationToken).ConfigureAwait(false);
            if (!session.Output.Json)
                session.Output.WriteLine($"{session.Get(id)} deleted");
        });
        return command;
    }

    private static Command Verify(ApiCommands api)
    {
        var id = Symbols.Id("subscriber", "sub");
        var command = new Command("verify", "Send the challenge now; exit code 1 when it is not answered") { id };
        api.Run(command, async (session, cancellationToken) =>
        {
            var verification = await session.Client.Subscribers.VerifyAsync(session.Get(id), cancellationToken).ConfigureAwait(false);
            if (session.Output.Json)
                session.Output.WriteJson(verification);
            else
                session.Output.WriteLine($"{session.Get(id)} [green]verified[/]");
        });
        return command;
    }

    private static Command Test(ApiCommands api)
    {
        var id = Symbols.Id("subscriber", "sub");
        var command = new Command("test", "Send a hookstream.test event to this endpoint now; exit code 1 when it fails") { id };
        api.Run(command, async (session, cancellationToken) =>
        {
            var attempt = await session.Client.Subscribers.TestAsync(session.Get(id), cancellationToken).ConfigureAwait(false);
            if (session.Output.Json)
                session.Output.WriteJson(attempt);
            else
                session.Output.Terminal.Write(AttemptTable.Build([attempt]));
            if (attempt.Outcome != "delivered")
                throw new CommandFailure($"The endpoint did not take it: {TerminalText.Clean(AttemptTable.Result(attempt))}");
        });
        return command;
    }

    private static Command Change(
        ApiCommands api, string name, string description, Func<SubscribersClient, string, CancellationToken, Task<Subscriber>> call)
    {
        var id = Symbols.Id("subscriber", "sub");
        var command = new Command(name, description) { id };
        api.Run(command, async (session, cancellationToken) =>
            Print(session, await call(session.Client.Subscribers, session.Get(id), cancellationToken).ConfigureAwait(false)));
        return command;
    }
}
