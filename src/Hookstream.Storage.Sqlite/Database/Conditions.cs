using System.Text;

namespace Hookstream.Storage.Sqlite.Database;

/// <summary>Puts a where clause together from fixed conditions; values are bound, never written into the text.</summary>
internal sealed class Conditions
{
    private readonly List<(string Text, Action<Statement, int>[] Values)> _conditions = [];

    /// <summary>Adds a condition; each <c>?</c> in it takes one of the values, in order.</summary>
    public Conditions And(string text, params Action<Statement, int>[] values)
    {
        _conditions.Add((text, values));
        return this;
    }

    public Conditions AndIf<T>(T? value, string text, Func<T, Action<Statement, int>> bind)
        where T : struct =>
        value is { } some ? And(text, bind(some)) : this;

    public static Action<Statement, int> Value(long value) => (statement, index) => statement.Bind(index, value);

    public static Action<Statement, int> Value(Guid value) => (statement, index) => statement.Bind(index, value);

    public static Action<Statement, int> Value(string value) => (statement, index) => statement.Bind(index, value);

    public static Action<Statement, int> Value(DateTimeOffset value) => (statement, index) => statement.Bind(index, value);

    /// <summary>Prepares <c>select … where (the conditions) rest</c>.</summary>
    public Statement Prepare(DatabaseConnection database, string select, string rest)
    {
        var sql = new StringBuilder(select).Append("\nwhere ")
            .AppendJoin("\n    and ", _conditions.Select(condition => condition.Text))
            .Append('\n')
            .Append(rest);
        var statement = database.PrepareOnce(sql.ToString());
        var index = 0;
        foreach (var bind in _conditions.SelectMany(condition => condition.Values))
            bind(statement, ++index);
        return statement;
    }
}
