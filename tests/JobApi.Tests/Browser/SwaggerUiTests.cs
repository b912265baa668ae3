using System.Text.Json;
using JobApi.Testing;
using Microsoft.Playwright;

namespace JobApi.Tests.Browser;

/// <summary>Swagger UI as a person uses it, in a real browser against a real server.</summary>
public sealed class SwaggerUiTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>
{
    [ToolFact("chromium")]
    public async Task Every_job_type_can_be_picked_with_its_own_example()
    {
        var page = await chromium.OpenAsync("/swagger/index.html");
        var submit = await OpenSubmitAsync(page);
        var examples = submit.Locator(".opblock-section-request-body .examples-select-element");

        var types = await JobTypesAsync();
        Assert.Contains("square", types);
        foreach (var type in types)
        {
            await examples.SelectOptionAsync(type);

            Assert.Equal(type, JsonDocument.Parse(await BodyOf(submit).InputValueAsync()).RootElement.GetProperty("type").GetString());
        }
    }

    [ToolFact("chromium")]
    public async Task A_square_can_be_submitted_by_clicking()
    {
        var page = await chromium.OpenAsync("/swagger/index.html");
        var submit = await OpenSubmitAsync(page);
        await submit.Locator(".opblock-section-request-body .examples-select-element").SelectOptionAsync("square");

        await submit.GetByRole(AriaRole.Button, new() { Name = "Execute" }).ClickAsync();

        var answer = submit.Locator(".live-responses-table .response");
        await answer.WaitForAsync();
        await answer.ScrollIntoViewIfNeededAsync();
        await page.ScreenshotAsync(new() { Path = ChromiumFixture.Screenshot("swagger-square") });
        Assert.Matches("^20[02]", (await answer.Locator(".response-col_status").InnerTextAsync()).Trim());
    }

    [ToolFact("chromium")]
    public async Task The_page_loads_without_an_error_and_lists_every_resource()
    {
        var errors = new List<string>();
        var page = await chromium.OpenAsync("about:blank");
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                errors.Add(message.Text);
            }
        };
        page.PageError += (_, error) => errors.Add(error);

        await page.GotoAsync("/swagger/index.html");
        await page.Locator(".opblock").First.WaitForAsync();
        await page.ScreenshotAsync(new() { Path = ChromiumFixture.Screenshot("swagger"), FullPage = true });

        Assert.Empty(errors);
        Assert.Equal(["Admin", "Files", "Health", "Job types", "Jobs", "Metrics", "Queues", "Workers"], (await page.Locator(".opblock-tag a").AllInnerTextsAsync()).Order(StringComparer.Ordinal));
    }

    private static async Task<ILocator> OpenSubmitAsync(IPage page)
    {
        var submit = page.Locator(".opblock").Filter(new() { Has = page.Locator(".opblock-summary-method", new() { HasTextString = "POST" }) })
            .Filter(new() { Has = page.Locator("[data-path='/jobs']") });
        await submit.Locator(".opblock-summary").ClickAsync();
        return submit;
    }

    private static ILocator BodyOf(ILocator operation) => operation.Locator("textarea.body-param__text");

    private async Task<List<string>> JobTypesAsync()
    {
        using var types = JsonDocument.Parse(await chromium.Server.Client.GetStringAsync(new Uri("/job-types", UriKind.Relative)));

        return [.. types.RootElement.GetProperty("items").EnumerateArray().Select(type => type.GetProperty("type").GetString()!)];
    }
}
