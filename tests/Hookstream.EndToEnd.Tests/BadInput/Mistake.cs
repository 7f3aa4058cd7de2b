using Hookstream.EndToEnd.Tests.Api;

namespace Hookstream.EndToEnd.Tests.BadInput;

/// <summary>One thing wrong with one call, and what has to come back.</summary>
internal sealed record Mistake(
    string Name, Func<TwoTenants, Task<ApiAnswer>> MakeAsync, Action<ApiAnswer> Check);
