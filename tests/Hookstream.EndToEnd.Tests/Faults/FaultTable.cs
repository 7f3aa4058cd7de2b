using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Faults;

/// <summary>The table of the faults that were run: in each test's output, and together in a file of the build's own.</summary>
internal static class FaultTable
{
    private static readonly string FileName = Path.Combine(Repository.Root, "artifacts", "faults.md");

    public static void Add(FaultReport report)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{FaultReport.Header}\n{report}");
        Directory.CreateDirectory(Path.GetDirectoryName(FileName)!);
        if (!File.Exists(FileName))
            File.WriteAllText(FileName, $"{FaultReport.Header}\n|{string.Concat(Enumerable.Repeat(" --- |", 8))}\n");
        File.AppendAllText(FileName, $"{report}\n");
    }
}
