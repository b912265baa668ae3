using System.ComponentModel.DataAnnotations;
using JobApi.Engine.Execution;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Upkeep;

/// <summary>Rules for types that there are, ranges that lie within them, and no bound that a wider one would meet first.</summary>
internal sealed class RetentionOptionsRules(HandlerRegistry types) : IValidateOptions<RetentionOptions>
{
    private const string Section = "JobApi:Retention";

    public ValidateOptionsResult Validate(string? name, RetentionOptions options)
    {
        var broken = new List<string>();
        CheckParts(Section, options.MaxBytes, Section, options.MaxSucceededBytes, options.MaxFailedBytes, options.MaxCanceledBytes);

        foreach (var (type, own) in options.Types)
        {
            var section = $"{Section}:Types:{type}";

            if (types.Find(type) is null)
            {
                broken.Add($"{section} is about a job type that there is not; there are {string.Join(", ", types.All.Select(known => known.Name))}.");
            }

            var faults = new List<ValidationResult>();
            Validator.TryValidateObject(own, new ValidationContext(own), faults, validateAllProperties: true);
            broken.AddRange(faults.Select(fault => $"{section}: {fault.ErrorMessage}"));

            CheckPart($"{section}:MaxBytes", own.MaxBytes, Section, options.MaxBytes);
            CheckParts(
                own.MaxBytes is null ? Section : section, own.MaxBytes ?? options.MaxBytes, section, own.MaxSucceededBytes, own.MaxFailedBytes, own.MaxCanceledBytes);
        }

        return broken.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(broken);

        void CheckParts(string wholeSection, long whole, string section, long? succeeded, long? failed, long? canceled)
        {
            CheckPart($"{section}:MaxSucceededBytes", succeeded, wholeSection, whole);
            CheckPart($"{section}:MaxFailedBytes", failed, wholeSection, whole);
            CheckPart($"{section}:MaxCanceledBytes", canceled, wholeSection, whole);
        }

        void CheckPart(string part, long? bytes, string wholeSection, long whole)
        {
            if (bytes > whole)
            {
                broken.Add($"{part} ({bytes}) is larger than {wholeSection}:MaxBytes ({whole}); it would never be reached.");
            }
        }
    }
}
