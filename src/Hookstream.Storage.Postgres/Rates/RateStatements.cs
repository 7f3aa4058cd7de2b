using Hookstream.Core.Rates;

namespace Hookstream.Storage.Postgres.Rates;

/// <summary>
/// The buckets of endpoints with a rate limit, which all nodes share: the arithmetic of <see cref="RateBucket"/> in SQL, over a rate
/// per second and the time up to which it is used up.
/// </summary>
internal static class RateStatements
{
    /// <summary>Makes the buckets of $1 that are not there yet; full, at $2.</summary>
    public const string Make =
        """
        insert into rate_buckets (subscriber, paid_until)
        select no, coalesce($2, statement_timestamp())
        from unnest($1) as l (no)
        order by no
        on conflict do nothing
        """;

    /// <summary>
    /// Keeps the buckets of $1 from other claims until this one is committed. A statement of its own, so that the next one sees them
    /// as they are by then; in the order of their numbers, so that no two wait for each other.
    /// </summary>
    public const string Lock = "select subscriber from rate_buckets where subscriber = any ($1) order by subscriber for update";

    /// <summary>How many requests may be made at once.</summary>
    public static string Tokens(string rate, string debt) => $"floor(({Capacity(rate)} - {debt}) * {rate} + 1e-3)::integer";

    /// <summary>How far ahead of <paramref name="now"/> requests are paid for, seconds.</summary>
    public static string Debt(string rate, string paidUntil, string now) =>
        $"greatest(0::float8, least(extract(epoch from {paidUntil} - {now})::float8, {Capacity(rate)}))";

    /// <summary>Up to when requests are paid for after <paramref name="count"/> more.</summary>
    public static string After(string rate, string debt, string count, string now) =>
        $"{now} + ({debt} + {count} / {rate}) * interval '1 second'";

    /// <summary>When there is a token again; null: there is one.</summary>
    public static string ReadyAt(string rate, string debt, string now) =>
        $"case when {Tokens(rate, debt)} < 1 then {now} + ({debt} - {Capacity(rate)} + 1 / {rate}) * interval '1 second' end";

    private static string Capacity(string rate) => $"(greatest(1, 1 / {rate}) + least(0.5 / {rate}, 0.5))";
}
