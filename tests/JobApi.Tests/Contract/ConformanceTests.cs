using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using JobApi.Tests.Support;
using Xunit.Abstractions;

namespace JobApi.Tests.Contract;

/// <summary>
/// Walks the contract: every operation, every status it is declared with, on every store. What has to be covered is taken from the API description that
/// is served and from the contract's own table, so a new endpoint without a row, and a declared status that nothing produces, are found.
/// </summary>
public sealed partial class ConformanceTests(Theatre theatre, ITestOutputHelper output) : IClassFixture<Theatre>
{
    private const int MaxTries = 100;

    public static TheoryData<string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string>();

            foreach (var (store, row) in ContractCases.Stores.SelectMany(store => ContractCases.All.Where(row => row.IsOn(store)).Select(row => (store, row))))
            {
                rows.Add(store, row.Name);
            }

            return rows;
        }
    }

    public static TheoryData<string> Stores => [.. ContractCases.Stores];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Answers_as_the_contract_says(string store, string name)
    {
        var row = ContractCases.All.Single(row => row.Name == name);
        var stage = await theatre.StageAsync(store, row.In);

        var answer = await SendAsync(stage, row);

        for (var tries = 1; row.IsRace && answer.Status != row.Status && tries < MaxTries; tries++)
        {
            answer = await SendAsync(stage, row);
        }

        Assert.True(answer.Status == row.Status, $"{answer.Status} instead of {row.Status}: {answer.Body}");
        Assert.True((await theatre.ContractAsync(store)).Allows(row.Operation, answer.Status), $"The API description of {row.Operation} does not know the status {answer.Status}.");

        if (row.Status >= 400 && !row.Operation.StartsWith("HEAD", StringComparison.Ordinal))
        {
            answer.IsProblem(row.Status, row.Word);
        }
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Every_status_of_every_operation_has_a_row(string store)
    {
        var due = (await theatre.ContractAsync(store)).Pairs.Union(ContractTable.Pairs).Except(OnOtherStores(store, row => row.Pair)).ToHashSet(StringComparer.Ordinal);
        var covered = ContractCases.All.Where(row => row.IsOn(store)).Select(row => row.Pair).ToHashSet(StringComparer.Ordinal);

        Assert.NotEmpty(due);
        output.WriteLine($"{store}: {due.Count(covered.Contains)} of {due.Count} pairs of operation and status are produced ({100.0 * due.Count(covered.Contains) / due.Count:0.#} %).");
        Assert.Empty(due.Except(covered).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Every_refusal_that_is_declared_has_a_row(string store)
    {
        var due = (await theatre.ContractAsync(store)).Refusals.Except(OnOtherStores(store, row => row.Name)).ToList();

        Assert.NotEmpty(due);
        Assert.Empty(due.Except(ContractCases.All.Select(row => row.Name)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Nothing_of_the_contract_s_table_is_missing_from_the_description(string store) =>
        Assert.Empty(ContractTable.Pairs.Except((await theatre.ContractAsync(store)).Pairs).Order(StringComparer.Ordinal));

    /// <summary>What only another store can answer, such as a backup of what is kept in memory.</summary>
    private static IEnumerable<string> OnOtherStores(string store, Func<ContractCase, string> what) =>
        ContractCases.All.Where(row => !row.IsOn(store)).Select(what).Except(ContractCases.All.Where(row => row.IsOn(store)).Select(what));

    private static async Task<Answer> SendAsync(Stage stage, ContractCase row)
    {
        var call = await row.Request(stage);
        var (method, path) = row.Operation.Split(' ') is [var verb, var template] ? (verb, template) : throw new FormatException(row.Operation);
        using var content = call.Content is { } bytes ? new ByteArrayContent(bytes) : null;

        if (content is not null && call.MediaType is { } type)
        {
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        return await stage.Api.SendAsync(new HttpMethod(method), PathParameter().Replace(path, call.Id ?? string.Empty) + call.Query, content, call.Headers);
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex PathParameter();
}
