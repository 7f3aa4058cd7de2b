using System.CommandLine;
using Hookstream.Client.Encryption;

namespace Hookstream.Server.Commands.Encryption;

/// <summary>Changing the encryption key of a running server.</summary>
internal static class EncryptionCommand
{
    public static Command Build(ApiCommands api) =>
        new("encryption", "The key that secrets are encrypted with, for the operator (admin token)") { Rotate(api) };

    private static Command Rotate(ApiCommands api)
    {
        var command = new Command("rotate", "Encrypt everything anew that is not under the newest key; the server goes on meanwhile");
        api.Run(command, async (session, cancellationToken) =>
        {
            var total = 0L;
            Reencryption step;
            do
            {
                step = await session.Client.RotateEncryptionAsync(cancellationToken).ConfigureAwait(false);
                total += step.Reencrypted;
                if (!step.Complete && step.Reencrypted == 0)
                {
                    throw new CommandFailure(
                        "Something goes on being encrypted with another key: give every process the same newest key, and run this again");
                }

                if (!step.Complete && !session.Output.Json)
                    await session.Output.NoteAsync($"{total} record(s) so far").ConfigureAwait(false);
            }
            while (!step.Complete);

            if (session.Output.Json)
                session.Output.WriteJson(new Reencryption { Reencrypted = total, Complete = true });
            else
                session.Output.WriteLine($"{total} record(s) encrypted anew; everything is under the newest key, older ones can be taken away");
        }, admin: true);
        return command;
    }
}
