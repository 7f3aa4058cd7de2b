using System.Runtime.InteropServices;

namespace Hookstream.Benchmarks.Report;

/// <summary>Asks the library that the server ships with, since the package's version is not SQLite's.</summary>
internal static class SqliteVersion
{
    private delegate nint LibraryVersion();

    public static string Of(string serverAssembly)
    {
        var architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        var library = Path.Combine(
            Path.GetDirectoryName(serverAssembly) ?? "",
            "runtimes",
            $"linux-{architecture}",
            "native",
            "libe_sqlite3.so");
        if (!NativeLibrary.TryLoad(library, out var handle))
            return "unknown (no libe_sqlite3.so for this machine beside the server)";

        var version = Marshal.GetDelegateForFunctionPointer<LibraryVersion>(
            NativeLibrary.GetExport(handle, "sqlite3_libversion"));
        return Marshal.PtrToStringUTF8(version()) ?? "unknown";
    }
}
