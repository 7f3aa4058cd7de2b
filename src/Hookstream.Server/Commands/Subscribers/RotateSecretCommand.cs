using System.CommandLine;
using Hookstream.Server.Commands.Terminal;

namespace Hookstream.Server.Commands.Subscribers;

/// <summary>Replacing a signing secret, and ending the time in which the one before it signs too.</summary>
internal static class RotateSecretCommand
{
    public static Command Build(ApiCommands api)
    {
        var id = Symbols.Id("subscriber", "sub");
        var secret = Symbols.Text("--secret", "The new secret: base64 of 24 to 64 bytes. Default: the server makes one", "SECRET");
        var grace = TimeValue.Length("--grace-period", "How long the old secret signs too, up to 30d; 0s ends it at once. Default: 1d");
        var command = new Command("rotate-secret", "Replace the signing secret; the new one is shown once") { id, secret, grace };
        api.Run(command, async (session, cancellationToken) =>
        {
            var rotation = await session.Client.Subscribers
                .RotateSecretAsync(session.Get(id), session.Get(secret), session.Get(grace), cancellationToken).ConfigureAwait(false);
            Listing.One(
                session.Output,
                rotation,
                ("secret", rotation.Secret),
                ("previous secret", Listing.Time(rotation.PreviousSecretExpiresAt) is { } until ? $"signs until {until}" : "ended"));
            if (!session.Output.Json)
                await session.Output.NoteAsync("Keep the secret: it is not shown again").ConfigureAwait(false);
        });
        return command;
    }

    public static Command BuildEnd(ApiCommands api)
    {
        var id = Symbols.Id("subscriber", "sub");
        var command = new Command("end-rotation", "End the grace period: the old secret signs no more") { id };
        api.Run(command, async (session, cancellationToken) =>
        {
            await session.Client.Subscribers.EndGracePeriodAsync(session.Get(id), cancellationToken).ConfigureAwait(false);
            if (!session.Output.Json)
                session.Output.WriteLine($"{session.Get(id)} signs with its newest secret alone");
        });
        return command;
    }
}
