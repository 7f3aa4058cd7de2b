namespace Hookstream.Storage.Sqlite.Database;

/// <summary>
/// Keeps a data directory to one process: leases live in memory, so a second one would send everything twice. The lock
/// goes with the process, however it ends.
/// </summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    public static DataDirectoryLock Take(string directory)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new DataDirectoryLock(new FileStream(Path.Combine(directory, "lock"), options));
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new StoreUnavailableException(
                $"the data directory {Path.GetFullPath(directory)} is in use by another Hookstream process; "
                + "stop that one, or set HOOKSTREAM_DATA_DIR to another directory",
                e);
        }
    }

    public void Dispose() => _file.Dispose();
}
