using System.CommandLine;
using Hookstream.Server.Commands.Terminal;

namespace Hookstream.Server.Commands.Deliveries;

/// <summary>Asking the server's AI model why an endpoint fails.</summary>
internal static class DiagnoseCommand
{
    public static Command Build(ApiCommands api)
    {
        var id = Symbols.Id("subscriber", "sub");
        var limit = Symbols.Number("--limit", "How many of its last failed attempts to look at, 1–50. Default: 20");
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 50)
                result.AddError("--limit is a number from 1 to 50");
        });
        var command = new Command("diagnose", "Ask an AI model why a subscriber's endpoint fails, where the server has one") { id, limit };
        api.Run(command, async (session, cancellationToken) =>
        {
            var diagnosis = await session.Client.Deliveries
                .DiagnoseAsync(session.Get(id), session.Get(limit), cancellationToken).ConfigureAwait(false);
            if (session.Output.Json)
            {
                session.Output.WriteJson(diagnosis);
                return;
            }

            if (diagnosis is null)
            {
                await session.Output.NoteAsync("None of this subscriber's recent attempts has failed").ConfigureAwait(false);
                return;
            }

            Listing.One(
                session.Output,
                diagnosis,
                ("summary", diagnosis.Summary),
                ("likely cause", diagnosis.LikelyCause),
                ("pattern", diagnosis.Pattern),
                ("what to do", diagnosis.RecommendedAction),
                ("confidence", diagnosis.Confidence));
        });
        return command;
    }
}
