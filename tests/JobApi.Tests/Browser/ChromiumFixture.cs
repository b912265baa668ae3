using JobApi.Testing;
using JobApi.Tests.Architecture;
using Microsoft.Playwright;

namespace JobApi.Tests.Browser;

/// <summary>A headless Chromium from the PATH and a real server for it to visit.</summary>
public sealed class ChromiumFixture : IAsyncLifetime
{
    // A page of a test that stays at home: no first-run pages, no updates, no calls to its maker.
    private static readonly string[] Quiet =
    [
        "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The server that the pages are on; started by the first test that asks for it.</summary>
    public ServerProcess Server { get; private set; } = null!;

    /// <summary>Where a screenshot of this name goes: beside the test results.</summary>
    public static string Screenshot(string name) => SourceTree.At($"tests/JobApi.Tests/TestResults/{name}.png");

    /// <summary>A fresh page, as wide as a laptop's.</summary>
    public async Task<IPage> OpenAsync(string path)
    {
        var page = await _browser!.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 900 }, BaseURL = Server.Address.ToString() });
        await page.GotoAsync(path);
        return page;
    }

    public async Task InitializeAsync()
    {
        // At home without a browser every test of the collection is skipped, and nothing is started for them.
        if (Tool.WhyMissing("chromium") is not null)
        {
            return;
        }

        Server = await ServerProcess.StartAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Tool.Find("chromium") ?? throw new InvalidOperationException("Chromium is not on the PATH."),

            // Chromium refuses to sandbox itself for root, who runs containers and build machines.
            Args = Environment.IsPrivilegedProcess ? [.. Quiet, "--no-sandbox"] : Quiet,
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();

        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }
}
