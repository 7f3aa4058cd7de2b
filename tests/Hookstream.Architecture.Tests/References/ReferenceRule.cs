namespace Hookstream.Architecture.Tests.References;

/// <summary>What a project may know of the others, and what it must not know at all.</summary>
/// <param name="Projects">The projects that it may reference.</param>
/// <param name="Banned">
/// What no assembly that it uses may be, or begin with: the technology that its port is there to keep out.
/// </param>
internal sealed record ReferenceRule(string[] Projects, string[] Banned)
{
    private const string Prefix = "Hookstream.";

    private static readonly string[] Databases =
        ["Microsoft.Data", "SQLitePCL", "Npgsql", "Dapper", "dbup", "StackExchange.Redis", "System.Data"];

    private static readonly string[] Web = ["Microsoft.AspNetCore"];
    private static readonly string[] HttpClients = ["System.Net.Http", "System.Net.Requests", "System.Net.Sockets"];

    /// <summary>By project. One that is not here may not exist: say first who may know whom.</summary>
    public static readonly IReadOnlyDictionary<string, ReferenceRule> All = new Dictionary<string, ReferenceRule>
    {
        ["Hookstream.Core"] = new([], [.. Databases, .. Web, .. HttpClients]),
        ["Hookstream.Storage.Sqlite"] = new(["Hookstream.Core"], [.. Web, .. HttpClients]),
        ["Hookstream.Storage.Postgres"] = new(["Hookstream.Core"], [.. Web, .. HttpClients]),
        ["Hookstream.Queue.Redis"] = new(["Hookstream.Core"], [.. Web, "Npgsql", "Microsoft.Data", "Dapper", "dbup"]),
        ["Hookstream.Delivery"] = new(["Hookstream.Core"], [.. Databases, .. Web]),
        ["Hookstream.Diagnosis"] = new(["Hookstream.Core"], [.. Databases, .. Web]),
        ["Hookstream.Api"] = new(["Hookstream.Core"], [.. Databases, .. HttpClients]),
        ["Hookstream.Client"] = new([], [.. Databases, .. Web]),
        ["Hookstream.Server"] = new(
            [
                "Hookstream.Api", "Hookstream.Client", "Hookstream.Core", "Hookstream.Delivery", "Hookstream.Diagnosis",
                "Hookstream.Queue.Redis", "Hookstream.Storage.Postgres", "Hookstream.Storage.Sqlite",
            ],
            []),
    };

    /// <summary>Which of these assemblies or projects it should not know.</summary>
    public IEnumerable<string> Violations(IEnumerable<string> references) =>
        references.Where(reference =>
            IsOurs(reference) ? !Projects.Contains(reference) : Banned.Any(banned => IsOrBeginsWith(reference, banned)));

    // The server's assembly has the program's name.
    private static bool IsOurs(string reference) =>
        reference == "hookstream" || reference.StartsWith(Prefix, StringComparison.Ordinal);

    private static bool IsOrBeginsWith(string reference, string banned) =>
        reference.Equals(banned, StringComparison.OrdinalIgnoreCase)
        || reference.StartsWith(banned + ".", StringComparison.OrdinalIgnoreCase)
        || reference.StartsWith(banned + "-", StringComparison.OrdinalIgnoreCase)
        || (banned == "SQLitePCL" && reference.StartsWith(banned, StringComparison.Ordinal));
}
