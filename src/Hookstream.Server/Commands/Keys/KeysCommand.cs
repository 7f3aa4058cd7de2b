using System.CommandLine;
using Hookstream.Client.Keys;
using Hookstream.Server.Commands.Terminal;

namespace Hookstream.Server.Commands.Keys;

internal static class KeysCommand
{
    public static Command Build(ApiCommands api) =>
        new("keys", "API keys of the tenant (of another one with --tenant)") { List(api), Create(api), Revoke(api) };

    private static Command List(ApiCommands api)
    {
        var (limit, cursor) = Symbols.Paging();
        var command = new Command("list", "List keys, newest first") { limit, cursor };
        api.Run(command, async (session, cancellationToken) =>
        {
            var page = await session.Client.Keys
                .ListPageAsync(new(session.Get(limit), session.Get(cursor)), cancellationToken).ConfigureAwait(false);
            await Listing.PageAsync(
                session.Output,
                page,
                "There are no keys",
                ["id", "name", "prefix", "scopes", "expires", "last used"],
                key =>
                [
                    key.Id, key.Name, key.Prefix, Listing.List(key.Scopes), Listing.Time(key.ExpiresAt) ?? "never",
                    Listing.Time(key.LastUsedAt) ?? "never",
                ])
                .ConfigureAwait(false);
        });
        return command;
    }

    private static Command Create(ApiCommands api)
    {
        var name = Symbols.Text("--name", "A name for people");
        var scopes = Symbols.List("--scopes", "What it may do: events:write, read, manage. Default: all", "SCOPES");
        var expires = TimeValue.Future("--expires", "When it ends, or after how long, e.g. 90d. Default: never", api.Host.TimeProvider);
        var command = new Command("create", "Create a key; it is shown once") { name, scopes, expires };
        api.Run(command, async (session, cancellationToken) =>
        {
            var key = await session.Client.Keys.CreateAsync(
                new NewApiKey
                {
                    Name = session.Get(name),
                    Scopes = session.Get(scopes) is { Length: > 0 } given ? given : null,
                    ExpiresAt = session.Get(expires),
                },
                cancellationToken).ConfigureAwait(false);
            Listing.One(
                session.Output,
                key,
                ("id", key.Id),
                ("key", key.Key),
                ("name", key.Name),
                ("scopes", Listing.List(key.Scopes)),
                ("expires", Listing.Time(key.ExpiresAt) ?? "never"));
            if (!session.Output.Json)
                await session.Output.NoteAsync("Keep the key: it is not shown again").ConfigureAwait(false);
        });
        return command;
    }

    private static Command Revoke(ApiCommands api)
    {
        var id = Symbols.Id("key", "key");
        var command = new Command("revoke", "Revoke a key: requests with it are refused from now on") { id };
        api.Run(command, async (session, cancellationToken) =>
        {
            await session.Client.Keys.RevokeAsync(session.Get(id), cancellationToken).ConfigureAwait(false);
            if (!session.Output.Json)
                session.Output.WriteLine($"{session.Get(id)} revoked");
        });
        return command;
    }
}
