using System.CommandLine;

namespace Hookstream.Server.Commands;

internal sealed class GlobalOptions
{
    public Option<string?> Url { get; } = new("--url")
    {
        Description = "The server. Default: HOOKSTREAM_URL, else http://127.0.0.1:PORT (3000)",
        HelpName = "URL",
        Recursive = true,
    };

    public Option<string?> Token { get; } = new("--token")
    {
        Description = "API key. Default: API_TOKEN, else <data>/api-token; for tenants HOOKSTREAM_ADMIN_TOKEN, <data>/admin-token",
        HelpName = "KEY",
        Recursive = true,
    };

    public Option<string?> Tenant { get; } = new("--tenant")
    {
        Description = "Act for this tenant (id or external id) with the admin token",
        HelpName = "ID",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print JSON for programs instead of tables for people",
        Recursive = true,
    };

    public void AddTo(RootCommand root)
    {
        root.Add(Url);
        root.Add(Token);
        root.Add(Tenant);
        root.Add(Json);
    }
}
