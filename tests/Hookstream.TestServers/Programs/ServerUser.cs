namespace Hookstream.TestServers.Programs;

/// <summary>PostgreSQL refuses to run as root: the user that it runs as then.</summary>
internal static class ServerUser
{
    private const string Users = "/etc/passwd";

    /// <summary>The unprivileged user's name where this process is root; null where it is not.</summary>
    public static string? Find()
    {
        if (!Environment.IsPrivilegedProcess)
            return null;
        var names = File.Exists(Users) ? File.ReadLines(Users).Select(line => line.Split(':')[0]).ToHashSet() : [];
        return names.Contains("postgres") ? "postgres" : "nobody";
    }

    /// <summary>The command that runs <paramref name="command"/> as <paramref name="user"/>, in the same process.</summary>
    public static string[] RunAs(string? user, params string[] command) =>
        user is null ? command : ["setpriv", $"--reuid={user}", $"--regid={user}", "--clear-groups", "--", .. command];
}
