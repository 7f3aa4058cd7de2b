namespace Hookstream.Storage.Sqlite.Tests.Opening;

/// <summary>One process has the data directory, and nobody else can read it.</summary>
public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryDataDirectory _data = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Second_opening_is_refused_and_says_what_to_do()
    {
        await using var first = await _data.OpenAsync();

        var opening = await Should.ThrowAsync<StoreUnavailableException>(() => _data.OpenAsync());
        var migrating = Should.Throw<StoreUnavailableException>(_data.Migrate);

        foreach (var refusal in new[] { opening, migrating })
        {
            refusal.Message.ShouldContain(_data.Path);
            refusal.Message.ShouldContain("in use by another Hookstream process");
            refusal.Message.ShouldContain("HOOKSTREAM_DATA_DIR");
        }

        var outcome = await first.Tenants.CreateAsync(new TenantSettings("acme", null, null, false), Cancellation);
        outcome.Tenant.ShouldNotBeNull("the one that has the directory goes on undisturbed");
    }

    [Fact]
    public async Task Closing_lets_go_of_the_directory()
    {
        await (await _data.OpenAsync()).DisposeAsync();

        await using var second = await _data.OpenAsync();

        (await second.Maintenance.CheckAsync(Cancellation)).Up.ShouldBeTrue();
    }

    [Fact]
    public async Task Closing_leaves_one_file_that_holds_everything()
    {
        await using (var store = await _data.OpenAsync())
            await store.Tenants.CreateAsync(new TenantSettings("acme", null, null, false), Cancellation);

        new FileInfo(_data.Log).Exists.ShouldBeFalse("the log is taken into the database by whoever closes it last");
        _data.Read("select name from tenants").ShouldBe(["acme"]);
    }

    [Fact]
    public async Task Directory_and_all_files_are_for_their_owner_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes");
        await using var store = await _data.OpenAsync();
        await store.Tenants.CreateAsync(new TenantSettings("acme", null, null, false), Cancellation);

        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            new DirectoryInfo(_data.Path).UnixFileMode.ShouldBe(File | UnixFileMode.UserExecute);
            var files = new DirectoryInfo(_data.Path).GetFiles();
            files.Select(file => file.Name).ShouldContain("hookstream.db-wal");
            foreach (var file in files)
                file.UnixFileMode.ShouldBe(File, file.Name);
        }
    }

    [Fact]
    public void Every_commit_is_flushed_and_readers_never_wait()
    {
        _data.Migrate();
        using var writer = Database.DatabaseConnection.Open(_data.Database, readOnly: false);
        using var reader = Database.DatabaseConnection.Open(_data.Database, readOnly: true);

        writer.Prepare("pragma synchronous").Scalar(row => row.Int64(0)).ShouldBe(2, "FULL: what 202 promises");
        writer.Prepare("pragma journal_mode").Scalar(row => row.Text(0)).ShouldBe("wal");
        reader.Prepare("pragma query_only").Scalar(row => row.Int64(0)).ShouldBe(1);
    }
}
