using JobApi.Sqlite;

namespace JobApi.Hosting;

/// <summary>Which store keeps the jobs: a file, unless somebody asks for memory.</summary>
internal static class StoreChoice
{
    public const string Setting = "JobApi:Store";

    /// <summary>Called after the engine was added: it brings the in-memory store along.</summary>
    public static void UseChosenStore(this WebApplicationBuilder builder)
    {
        switch (builder.Configuration[Setting] ?? "sqlite")
        {
            case "memory":
                break;
            case "sqlite":
                builder.Services.AddSqliteStore(builder.Configuration.GetSection("JobApi"));
                break;
            case var other:
                builder.Services.AddOptions<UnknownStore>().Validate(_ => false, $"The setting {Setting} is \"{other}\"; it must be sqlite or memory.").ValidateOnStart();
                break;
        }
    }

    /// <summary>Refuses the start, in company of whatever else is wrong with the settings.</summary>
    private sealed class UnknownStore;
}
