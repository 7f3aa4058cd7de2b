using System.CommandLine;
using Hookstream.Client.Subscribers;

namespace Hookstream.Server.Commands.Subscribers;

internal static class CreateSubscriberCommand
{
    public static Command Build(ApiCommands api)
    {
        var url = new Argument<string>("URL") { Description = "Where to post deliveries" };
        var secret = Symbols.Text("--secret", "Signing secret: base64 of 24 to 64 bytes. Default: the server makes one", "SECRET");
        var options = new SubscriberOptions();
        options.Events.Description += ". Default: *";
        var command = new Command("create", "Register an endpoint; its secret is shown once") { url, secret };
        options.AddTo(command);
        api.Run(command, async (session, cancellationToken) =>
        {
            var created = await session.Client.Subscribers.CreateAsync(
                new NewSubscriber
                {
                    Url = session.Get(url),
                    Events = session.Get(options.Events) is { Length: > 0 } events ? events : ["*"],
                    Secret = session.Get(secret),
                    Description = session.Get(options.Description),
                    TimeoutMs = session.Get(options.TimeoutMs),
                    RetrySchedule = session.Get(options.RetrySchedule) is { Length: > 0 } schedule ? schedule : null,
                    MaxInFlight = session.Get(options.MaxInFlight),
                    RateLimitPerSecond = session.Get(options.RateLimit),
                    CircuitThreshold = session.Get(options.CircuitThreshold),
                    CircuitCooldown = session.Get(options.CircuitCooldown),
                    Headers = Known(await JsonValue
                        .ReadTextsAsync(api.Host, "--headers", session.Get(options.Headers), cancellationToken)
                        .ConfigureAwait(false)),
                    PayloadFormat = session.Get(options.PayloadFormat),
                    Verification = session.Get(options.Verification),
                    Metadata = await JsonValue
                        .ReadOptionalAsync(api.Host, "--metadata", session.Get(options.Metadata), cancellationToken)
                        .ConfigureAwait(false),
                },
                cancellationToken).ConfigureAwait(false);
            SubscribersCommand.Print(session, created, created.Secret);
            if (!session.Output.Json)
                await session.Output.NoteAsync("Keep the secret: it is not shown again").ConfigureAwait(false);
        });
        return command;
    }

    private static Dictionary<string, string>? Known(Dictionary<string, string?>? headers) => headers?
        .Where(header => header.Value is not null)
        .ToDictionary(header => header.Key, header => header.Value!, StringComparer.Ordinal);
}
