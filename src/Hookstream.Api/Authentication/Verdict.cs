using Hookstream.Api.Problems;

namespace Hookstream.Api.Authentication;

/// <summary>Whether a call may be made.</summary>
/// <param name="Caller">Whose call it is, when it may.</param>
/// <param name="Problem">Why it may not; null when it may.</param>
internal readonly record struct Verdict(Caller Caller, Problem? Problem)
{
    public static implicit operator Verdict(Problem problem) => new(default, problem);
}
