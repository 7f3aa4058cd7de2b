using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Database;

/// <summary>
/// Puts where clauses together from fixed conditions; values are bound, never written into the text. Several clauses of one
/// statement share their values.
/// </summary>
internal sealed class Conditions
{
    private readonly List<(NpgsqlDbType Type, object Value)> _values = [];
    private readonly List<string> _shared = [];

    /// <summary>Adds a condition to every clause; <c>?</c> in it stands for the value.</summary>
    public Conditions And(string text, NpgsqlDbType type, object value)
    {
        _shared.Add(text.Replace("?", Value(type, value), StringComparison.Ordinal));
        return this;
    }

    public Conditions And(string text)
    {
        _shared.Add(text);
        return this;
    }

    public Conditions AndIf<T>(T? value, string text, NpgsqlDbType type, Func<T, object> convert)
        where T : struct =>
        value is { } some ? And(text, type, convert(some)) : this;

    /// <summary>The shared conditions and these of one clause.</summary>
    public string Where(params IEnumerable<string> own) =>
        new StringBuilder("where ").AppendJoin("\n    and ", _shared.Concat(own)).ToString();

    public NpgsqlCommand Command(NpgsqlConnection connection, string sql)
    {
        var command = connection.Command(sql);
        foreach (var (type, value) in _values)
            command.Bind(type, value);
        return command;
    }

    /// <summary>Binds a value, and returns what stands for it.</summary>
    public string Value(NpgsqlDbType type, object value)
    {
        _values.Add((type, value));
        return string.Create(CultureInfo.InvariantCulture, $"${_values.Count}");
    }
}
