namespace Hookstream.TestServers.Programs;

/// <summary>What becomes of a test whose server this machine does not have.</summary>
public static class MissingServer
{
    /// <summary>Skips the running test with the reason; where <c>CI=true</c>, fails it.</summary>
    public static void Report(string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(reason);
        Assert.Skip(reason);
    }
}
