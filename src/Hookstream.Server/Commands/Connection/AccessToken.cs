namespace Hookstream.Server.Commands.Connection;

/// <summary>The bearer token of a command, and where it came from, which is what one needs to know when it is refused.</summary>
internal sealed record AccessToken(string Value, string Source)
{
    public static async Task<AccessToken> ResolveAsync(
        CommandHost host, string? option, bool admin, CancellationToken cancellationToken) =>
        await FindAsync(host, option, admin, cancellationToken).ConfigureAwait(false)
        ?? throw new CommandFailure(
            $"No {(admin ? "admin token" : "API token")}: there is no {Path(host, admin)}. Run this in the directory that the "
            + $"server was started in, or give --token or {Variable(admin)}");

    /// <summary>Null when there is none, which while a server is starting for the first time may change.</summary>
    public static async Task<AccessToken?> FindAsync(
        CommandHost host, string? option, bool admin, CancellationToken cancellationToken)
    {
        if (option is not null)
            return Checked(option, "--token");
        if (host.Setting(Variable(admin)) is { } value)
            return Checked(value, Variable(admin));

        var path = Path(host, admin);
        try
        {
            var text = (await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false)).Trim();
            return text.Length == 0 ? null : Checked(text, path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"Cannot read {path}: {exception.Message}");
        }
    }

    private static AccessToken Checked(string value, string source) =>
        value.All(character => character is > ' ' and <= '~')
            ? new AccessToken(value, source)
            : throw new CommandFailure($"The token in {source} has spaces or characters that no token has");

    private static string Variable(bool admin) => admin ? "HOOKSTREAM_ADMIN_TOKEN" : "API_TOKEN";

    private static string Path(CommandHost host, bool admin) =>
        System.IO.Path.Combine(host.Setting("HOOKSTREAM_DATA_DIR") ?? "data", admin ? "admin-token" : "api-token");
}
