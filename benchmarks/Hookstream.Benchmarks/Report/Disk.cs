using Hookstream.Benchmarks.Statistics;

namespace Hookstream.Benchmarks.Report;

/// <summary>What a commit has to wait for.</summary>
internal static class Disk
{
    private const int Writes = 200;
    private const int WriteBytes = 4096;

    public static string FileSystem(string directory)
    {
        var path = Path.GetFullPath(directory);
        var drive = DriveInfo.GetDrives()
            .Where(drive => path.StartsWith(drive.Name, StringComparison.Ordinal))
            .MaxBy(drive => drive.Name.Length);
        return drive?.DriveFormat ?? "unknown file system";
    }

    public static async Task<double> MedianSyncMsAsync(string directory, CancellationToken cancellationToken)
    {
        var path = Path.Combine(directory, $"sync-{Environment.ProcessId}");
        var times = new List<double>(Writes);
        var options = new FileStreamOptions
        {
            Access = FileAccess.Write,
            BufferSize = 0,
            Mode = FileMode.CreateNew,
            Options = FileOptions.DeleteOnClose,
        };
        await using var file = new FileStream(path, options);
        var block = new byte[WriteBytes];
        for (var i = 0; i < Writes; i++)
        {
            var started = TimeProvider.System.GetTimestamp();
            await file.WriteAsync(block, cancellationToken);
            file.Flush(flushToDisk: true);
            times.Add(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
        }

        return times.Median();
    }
}
