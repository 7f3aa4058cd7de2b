namespace Hookstream.Storage.Sqlite.Database;

/// <summary>
/// Keeps a data directory to one process: leases live in memory, so a second one would send everything twice. The lock
/// goes with the process, however it ends.
/// </summary>
internal sealed class DataDirectoryLock : IDisposable
{
    // EWOULDBLOCK of the system, and ERROR_SHARING_VIOLATION: other errors (a full disk) are not another process.
    private const int HeldOnLinux = 11;
    private const int HeldOnMac = 35;
    private const int HeldOnWindows = unchecked((int)0x80070020);

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
        catch (IOException e) when (e.HResult is HeldOnLinux or HeldOnMac or HeldOnWindows)
        {
            throw new StoreUnavailableException(
                $"the data directory {Path.GetFullPath(directory)} is in use by another Hookstream process; "
                + "stop that one, or set HOOKSTREAM_DATA_DIR to another directory",
                e);
        }
    }

    public void Dispose() => _file.Dispose();
}
