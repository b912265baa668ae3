using JobApi.Engine.Execution;

namespace Billing;

public sealed class SendInvoiceHandlerTests
{
    private static readonly SendInvoicePayload Invoice = new("Ada", "ada@example.com", [new InvoiceLine("Engine", 40), new InvoiceLine("Cards", 2)]);

    [Fact]
    public async Task An_invoice_is_sent_once_per_job()
    {
        var lines = new List<string>();
        var context = TestJobContext.Create(onLog: lines.Add);
        var mailer = new FakeMailer(new Receipt("m-1"));

        var attempt = await new SendInvoiceHandler(mailer).HandleAsync(Invoice, context, CancellationToken.None);

        Assert.Equal(new SendInvoiceResult("m-1", 42), attempt.Result);
        Assert.Equal(context.JobId, mailer.Key);
        Assert.Equal(["Sent as m-1."], lines);
    }

    [Fact]
    public async Task A_busy_mail_server_is_left_alone_as_long_as_it_asks()
    {
        var mailer = new FakeMailer(new Receipt("", TryAgainIn: TimeSpan.FromMinutes(2)));

        var attempt = await new SendInvoiceHandler(mailer).HandleAsync(Invoice, TestJobContext.Create(), CancellationToken.None);

        var failure = Assert.IsType<Failure.TemporaryFailure>(attempt.Failure);
        Assert.Equal(("mail-server-busy", TimeSpan.FromMinutes(2)), (failure.Type, failure.After));
    }

    private sealed class FakeMailer(Receipt receipt) : IMailer
    {
        public Guid? Key { get; private set; }

        public Task<Receipt> SendAsync(string address, string text, Guid idempotencyKey, CancellationToken cancellationToken)
        {
            Key = idempotencyKey;
            return Task.FromResult(receipt);
        }
    }
}
