using System.CommandLine;
using Hookstream.Client.Tenants;
using Hookstream.Server.Commands.Terminal;

namespace Hookstream.Server.Commands.Tenants;

internal static class TenantsCommand
{
    public static Command Build(ApiCommands api) =>
        new("tenants", "Tenants, for the operator (admin token)")
        {
            Create(api),
            List(api),
            Get(api),
            Update(api),
            Change(api, "suspend", "Suspend a tenant: its keys are refused and nothing of it is delivered", (tenants, id, cancel) =>
                tenants.SuspendAsync(id, cancel)),
            Change(api, "resume", "End a tenant's suspension", (tenants, id, cancel) => tenants.ResumeAsync(id, cancel)),
            Delete(api),
        };

    private static Command Create(ApiCommands api)
    {
        var name = new Argument<string>("NAME") { Description = "A name for people" };
        var externalId = Symbols.Text("--external-id", "Your own id of it, unique", "ID");
        var metadata = Symbols.Text("--metadata", "Your own data, a JSON object", JsonValue.Help);
        var command = new Command("create", "Create a tenant") { name, externalId, metadata };
        api.Run(command, async (session, cancellationToken) =>
        {
            var tenant = await session.Client.Tenants.CreateAsync(
                new NewTenant
                {
                    Name = session.Get(name),
                    ExternalId = session.Get(externalId),
                    Metadata = await JsonValue.ReadOptionalAsync(api.Host, "--metadata", session.Get(metadata), cancellationToken)
                        .ConfigureAwait(false),
                },
                cancellationToken).ConfigureAwait(false);
            Print(session, tenant);
            if (!session.Output.Json)
                await session.Output.NoteAsync($"Make a key for it: hookstream keys create --tenant {tenant.Id}").ConfigureAwait(false);
        }, admin: true);
        return command;
    }

    private static Command List(ApiCommands api)
    {
        var (limit, cursor) = Symbols.Paging();
        var command = new Command("list", "List tenants, newest first") { limit, cursor };
        api.Run(command, async (session, cancellationToken) =>
        {
            var page = await session.Client.Tenants
                .ListPageAsync(new(session.Get(limit), session.Get(cursor)), cancellationToken).ConfigureAwait(false);
            await Listing.PageAsync(
                session.Output,
                page,
                "There are no tenants",
                ["id", "name", "external id", "status", "created"],
                tenant => [tenant.Id, tenant.Name, tenant.ExternalId, tenant.Status, Listing.Time(tenant.CreatedAt)])
                .ConfigureAwait(false);
        }, admin: true);
        return command;
    }

    private static Command Get(ApiCommands api) =>
        Change(api, "get", "Show a tenant", (tenants, id, cancel) => tenants.GetAsync(id, cancel));

    private static Command Update(ApiCommands api)
    {
        var id = Symbols.Id("tenant", "ten");
        var name = Symbols.Text("--name", "A name for people");
        var externalId = Symbols.Text("--external-id", "Your own id of it; empty: none", "ID");
        var metadata = Symbols.Text("--metadata", "Your own data, a JSON object, merged into what is there", JsonValue.Help);
        var command = new Command("update", "Change a tenant") { id, name, externalId, metadata };
        api.Run(command, async (session, cancellationToken) =>
        {
            var update = new TenantUpdate();
            if (session.Get(name) is { } newName)
                update.Name = newName;
            if (session.Get(externalId) is { } newExternalId)
                update.ExternalId = newExternalId.Length == 0 ? null : newExternalId;
            if (session.Get(metadata) is { } newMetadata)
            {
                update.Metadata = await JsonValue.ReadOptionalAsync(api.Host, "--metadata", newMetadata, cancellationToken)
                    .ConfigureAwait(false);
            }

            Print(session, await session.Client.Tenants.UpdateAsync(session.Get(id), update, cancellationToken).ConfigureAwait(false));
        }, admin: true);
        return command;
    }

    private static Command Delete(ApiCommands api)
    {
        var id = Symbols.Id("tenant", "ten");
        var yes = new Option<bool>("--yes") { Description = "Really: its events, subscribers, deliveries and keys go with it" };
        var command = new Command("delete", "Delete a tenant and everything that is its own") { id, yes };
        api.Run(command, async (session, cancellationToken) =>
        {
            if (!session.Get(yes))
            {
                throw new CommandFailure(
                    "This deletes the tenant with its events, subscribers, deliveries and keys; say --yes if you mean it",
                    CommandLine.Usage);
            }

            await session.Client.Tenants.DeleteAsync(session.Get(id), cancellationToken).ConfigureAwait(false);
            if (!session.Output.Json)
                session.Output.WriteLine($"{session.Get(id)} deleted");
        }, admin: true);
        return command;
    }

    private static Command Change(
        ApiCommands api, string name, string description, Func<TenantsClient, string, CancellationToken, Task<Tenant>> call)
    {
        var id = Symbols.Id("tenant", "ten");
        var command = new Command(name, description) { id };
        api.Run(command, async (session, cancellationToken) =>
            Print(session, await call(session.Client.Tenants, session.Get(id), cancellationToken).ConfigureAwait(false)), admin: true);
        return command;
    }

    private static void Print(CommandSession session, Tenant tenant) =>
        Listing.One(
            session.Output,
            tenant,
            ("id", tenant.Id),
            ("name", tenant.Name),
            ("external id", tenant.ExternalId),
            ("status", tenant.Status),
            ("metadata", tenant.Metadata?.ToString()),
            ("created", Listing.Time(tenant.CreatedAt)));
}
