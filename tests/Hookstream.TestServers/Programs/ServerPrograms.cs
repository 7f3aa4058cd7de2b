namespace Hookstream.TestServers.Programs;

/// <summary>Finds the servers' programs on this machine.</summary>
public static class ServerPrograms
{
    private const string DebianPostgres = "/usr/lib/postgresql";

    /// <summary>The directory with <c>initdb</c> and <c>postgres</c>: in PATH, else Debian's newest; null where there is none.</summary>
    public static string? FindPostgres() =>
        Path().Concat(DebianVersions()).FirstOrDefault(directory =>
            File.Exists(System.IO.Path.Combine(directory, "initdb")) && File.Exists(System.IO.Path.Combine(directory, "postgres")));

    /// <summary><c>redis-server</c>; null where there is none.</summary>
    public static string? FindRedis() => Find("redis-server");

    public static string? Find(string program) =>
        Path().Select(directory => System.IO.Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    private static IEnumerable<string> Path() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Append("/usr/sbin");

    private static IEnumerable<string> DebianVersions() =>
        !Directory.Exists(DebianPostgres)
            ? []
            : Directory.EnumerateDirectories(DebianPostgres)
                .OrderByDescending(version => int.TryParse(System.IO.Path.GetFileName(version), out var number) ? number : 0)
                .Select(version => System.IO.Path.Combine(version, "bin"));
}
