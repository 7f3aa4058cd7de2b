using Hookstream.Server.Commands.Terminal;

namespace Hookstream.Server.Commands;

internal static class CommandGuard
{
    // What shells report for a program that ended by SIGINT.
    private const int Interrupted = 130;

    public static async Task<int> RunAsync(CommandOutput output, Func<Task<int>> body)
    {
        try
        {
            return await body().ConfigureAwait(false);
        }
        catch (CommandFailure failure)
        {
            await output.FailAsync(failure.Message).ConfigureAwait(false);
            return failure.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
    }
}
