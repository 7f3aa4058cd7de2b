namespace Hookstream.Api.Statistics;

/// <summary>What waits now.</summary>
/// <param name="Pending">Not attempted yet.</param>
/// <param name="Held">Behind a pause, a challenge or an open circuit.</param>
/// <param name="Failed">A retry is scheduled.</param>
/// <param name="Complete">False: more than 10,000 wait, and so many were counted.</param>
internal sealed record WaitingResponse(long Pending, long Held, long Failed, bool Complete);
