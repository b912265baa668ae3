using FluentValidation;
using JobApi.Engine.Execution;
using JobApi.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Billing;

/// <summary>What a caller sends.</summary>
public sealed record SendInvoicePayload(string Customer, string Email, IReadOnlyList<InvoiceLine> Lines);

/// <summary>One line of the invoice.</summary>
public sealed record InvoiceLine(string Text, decimal Amount);

/// <summary>What a caller gets.</summary>
public sealed record SendInvoiceResult(string MessageId, decimal Total);

/// <summary>The rules that the shape of the payload cannot express.</summary>
public sealed class SendInvoiceRules : AbstractValidator<SendInvoicePayload>
{
    public SendInvoiceRules()
    {
        RuleFor(invoice => invoice.Email).EmailAddress();
        RuleFor(invoice => invoice.Lines).NotEmpty();
        RuleForEach(invoice => invoice.Lines).ChildRules(line => line.RuleFor(each => each.Amount).GreaterThan(0));
    }
}

/// <summary>Does the work.</summary>
public sealed class SendInvoiceHandler(IMailer mailer) : IJobHandler<SendInvoicePayload, SendInvoiceResult>
{
    public async Task<Attempt<SendInvoiceResult>> HandleAsync(SendInvoicePayload payload, JobContext context, CancellationToken cancellationToken)
    {
        context.ReportProgress(10, "Adding up");
        var total = payload.Lines.Sum(line => line.Amount);

        if (total > 10_000)
        {
            return Failure.Permanent($"{total} is more than may be invoiced by mail.", "invoice-too-high", "The invoice needs a signature");
        }

        // The job's id makes a second attempt harmless: the mailer sends one message per key.
        context.ReportProgress(50, "Sending");
        var receipt = await mailer.SendAsync(payload.Email, $"{payload.Customer}: {total}", idempotencyKey: context.JobId, cancellationToken);

        if (receipt.TryAgainIn is { } pause)
        {
            return Failure.Temporary("The mail server is busy.", after: pause, type: "mail-server-busy");
        }

        context.Log($"Sent as {receipt.MessageId}.");
        return new SendInvoiceResult(receipt.MessageId, total);
    }
}

/// <summary>Whatever the handler needs comes from dependency injection.</summary>
public interface IMailer
{
    Task<Receipt> SendAsync(string address, string text, Guid idempotencyKey, CancellationToken cancellationToken);
}

/// <summary>The mail server's answer.</summary>
public sealed record Receipt(string MessageId, TimeSpan? TryAgainIn = null);

/// <summary>Registers the type.</summary>
public static class Invoicing
{
    public static IServiceCollection AddInvoicing(this IServiceCollection services) => services
        .AddPayloadValidator<SendInvoiceRules, SendInvoicePayload>()
        .AddJobHandler<SendInvoiceHandler>("send-invoice", type =>
        {
            type.Description = "Mails an invoice.";
            type.Example = new SendInvoicePayload("Ada", "ada@example.com", [new InvoiceLine("Engine, analytical", 1_834)]);
            type.Timeout = TimeSpan.FromSeconds(30);
            type.MaxAttempts = 6;
            type.MaxConcurrency = 4;
        });
}
