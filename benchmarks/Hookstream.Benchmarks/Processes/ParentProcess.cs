namespace Hookstream.Benchmarks.Processes;

/// <summary>Whoever started this process in a role: <see cref="OwnProcess"/>.</summary>
internal static class ParentProcess
{
    /// <summary>Ends when it does, or wants no more: its end of standard input is closed.</summary>
    public static async Task EndedAsync(CancellationToken cancellationToken)
    {
        using var input = Console.OpenStandardInput();
        var ignored = new byte[256];
        while (await input.ReadAsync(ignored, cancellationToken) > 0)
        {
        }
    }
}
