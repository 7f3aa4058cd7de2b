namespace Hookstream.Api.Problems;

/// <summary>Finds what somebody may have meant by a misspelt name.</summary>
public static class NearestName
{
    // Beyond this a name is no misspelling, and comparing it would only cost time.
    private const int MaxLength = 64;

    /// <summary>The known name at the least edit distance; null when none is known.</summary>
    public static string? Find(string name, IReadOnlyCollection<string> known)
    {
        var shortened = name.AsSpan(0, Math.Min(name.Length, MaxLength));
        string? nearest = null;
        var least = int.MaxValue;
        foreach (var candidate in known)
        {
            var distance = Distance(shortened, candidate);
            if (distance >= least)
                continue;
            least = distance;
            nearest = candidate;
        }

        return nearest;
    }

    private static int Distance(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        Span<int> row = stackalloc int[right.Length + 1];
        for (var column = 0; column <= right.Length; column++)
            row[column] = column;

        for (var line = 1; line <= left.Length; line++)
        {
            var diagonal = row[0];
            row[0] = line;
            for (var column = 1; column <= right.Length; column++)
            {
                var same = char.ToLowerInvariant(left[line - 1]) == char.ToLowerInvariant(right[column - 1]);
                var replaced = diagonal + (same ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.Min(replaced, Math.Min(row[column], row[column - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
