using System.CommandLine;
using Hookstream.Client.Subscribers;

namespace Hookstream.Server.Commands.Subscribers;

internal static class UpdateSubscriberCommand
{
    private static readonly Dictionary<string, Action<SubscriberUpdate>> Resets = new(StringComparer.Ordinal)
    {
        ["description"] = update => update.Description = null,
        ["timeout-ms"] = update => update.TimeoutMs = null,
        ["retry-schedule"] = update => update.RetrySchedule = null,
        ["max-in-flight"] = update => update.MaxInFlight = null,
        ["rate-limit"] = update => update.RateLimitPerSecond = null,
        ["circuit-threshold"] = update => update.CircuitThreshold = null,
        ["circuit-cooldown"] = update => update.CircuitCooldown = null,
        ["headers"] = update => update.Headers = null,
        ["payload-format"] = update => update.PayloadFormat = null,
        ["verification"] = update => update.Verification = null,
        ["metadata"] = update => update.Metadata = null,
    };

    public static Command Build(ApiCommands api)
    {
        var id = Symbols.Id("subscriber", "sub");
        var url = Symbols.Text("--to", "Another URL for its deliveries; it is verified again", "URL");
        var reset = Symbols.List("--reset", $"Restore the default of: {string.Join(", ", Resets.Keys)}", "FIELDS");
        reset.Validators.Add(result =>
        {
            foreach (var field in Symbols.Split(result.Tokens.Select(token => token.Value)).Where(field => !Resets.ContainsKey(field)))
                result.AddError($"--reset '{field}': accepted are {string.Join(", ", Resets.Keys)}");
        });
        var options = new SubscriberOptions();
        var command = new Command("update", "Change a subscriber: only what is given") { id, url, reset };
        options.AddTo(command);
        api.Run(command, async (session, cancellationToken) =>
        {
            var update = new SubscriberUpdate();
            foreach (var field in session.Get(reset) ?? [])
                Resets[field](update);
            Fill(session, options, update);
            if (session.Get(url) is { } newUrl)
                update.Url = newUrl;
            if (session.Get(options.Metadata) is { } metadata)
            {
                update.Metadata = await JsonValue.ReadOptionalAsync(api.Host, "--metadata", metadata, cancellationToken)
                    .ConfigureAwait(false);
            }

            if (await JsonValue.ReadTextsAsync(api.Host, "--headers", session.Get(options.Headers), cancellationToken)
                .ConfigureAwait(false) is { } headers)
                update.Headers = headers;

            SubscribersCommand.Print(
                session,
                await session.Client.Subscribers.UpdateAsync(session.Get(id), update, cancellationToken).ConfigureAwait(false));
        });
        return command;
    }

    private static void Fill(CommandSession session, SubscriberOptions options, SubscriberUpdate update)
    {
        if (session.Get(options.Events) is { Length: > 0 } events)
            update.Events = events;
        if (session.Get(options.Description) is { } description)
            update.Description = description;
        if (session.Get(options.TimeoutMs) is { } timeout)
            update.TimeoutMs = timeout;
        if (session.Get(options.RetrySchedule) is { Length: > 0 } schedule)
            update.RetrySchedule = schedule;
        if (session.Get(options.MaxInFlight) is { } most)
            update.MaxInFlight = most;
        if (session.Get(options.RateLimit) is { } rate)
            update.RateLimitPerSecond = rate;
        if (session.Get(options.CircuitThreshold) is { } threshold)
            update.CircuitThreshold = threshold;
        if (session.Get(options.CircuitCooldown) is { } cooldown)
            update.CircuitCooldown = cooldown;
        if (session.Get(options.PayloadFormat) is { } format)
            update.PayloadFormat = format;
        if (session.Get(options.Verification) is { } verification)
            update.Verification = verification;
    }
}
