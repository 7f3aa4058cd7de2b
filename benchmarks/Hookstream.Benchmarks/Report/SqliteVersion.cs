using System.Runtime.InteropServices;

namespace Hookstream.Benchmarks.Report;

/// <summary>Asks the library that the server ships with, since the package's version is not SQLite's.</summary>
internal static class SqliteVersion
{
    private delegate nint LibraryVersion();

    public static string Of(string serverAssembly)
    {
        var directory = Path.GetDirectoryName(serverAssembly);
        if (!Directory.Exists(directory))
            return "unknown (the server is not built)";

        var architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        var library = Directory
            .EnumerateFiles(directory, "libe_sqlite3.so", SearchOption.AllDirectories)
            .FirstOrDefault(path => path.Contains($"linux-{architecture}", StringComparison.Ordinal));
        if (library is null || !NativeLibrary.TryLoad(library, out var handle))
            return "unknown (libe_sqlite3.so was not found beside the server)";

        var version = Marshal.GetDelegateForFunctionPointer<LibraryVersion>(NativeLibrary.GetExport(handle, "sqlite3_libversion"));
        return Marshal.PtrToStringUTF8(version()) ?? "unknown";
    }
}
