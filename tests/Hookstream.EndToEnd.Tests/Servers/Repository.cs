using System.Reflection;

namespace Hookstream.EndToEnd.Tests.Servers;

/// <summary>Where the sources and the built program are.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string ServerAssembly { get; } = Path.Combine(
        Root, "src", "Hookstream.Server", "bin", Configuration, "net10.0", "hookstream.dll");

    public static string NodeDirectory { get; } = Path.Combine(Root, "tests", "Hookstream.EndToEnd.Tests", "node");

    private static string Configuration =>
        typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration
        ?? throw new InvalidOperationException("the test assembly does not say in which configuration it was built");

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Hookstream.slnx")))
                return directory.FullName;
        }

        throw new InvalidOperationException($"no Hookstream.slnx above {AppContext.BaseDirectory}");
    }
}
