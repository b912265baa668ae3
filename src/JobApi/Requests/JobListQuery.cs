using System.Globalization;
using System.Reflection;
using JobApi.Contracts;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Storage.Searching;
using JobApi.Refusals;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace JobApi.Requests;

/// <summary>The query of <c>GET /jobs</c>. Strict like a body: a misspelt filter would otherwise answer with the wrong jobs.</summary>
internal sealed class JobListQuery : IBoundRequest
{
    public const int DefaultPageSize = 50;
    public const int MaxPageSize = 200;
    public const int MaxValueLength = 512;
    public const string TagPrefix = "tag.";

    private readonly List<PayloadError> _errors = [];
    private readonly HashSet<JobState> _states = [];
    private readonly SortedDictionary<string, string> _tags = new(StringComparer.Ordinal);
    private string? _type;
    private string? _queue;
    private DateTimeOffset? _createdAfter;
    private DateTimeOffset? _createdBefore;
    private int _pageSize = DefaultPageSize;
    private string? _pageToken;
    private SearchQuery? _text;
    private readonly bool _isSearchable;

    private JobListQuery(IQueryCollection query, bool isSearchable)
    {
        _isSearchable = isSearchable;

        foreach (var (name, values) in query)
        {
            Read(name, values);
        }

        var filter = Filter();
        Fingerprint = FilterFingerprint.Of(filter);
        long? before = null;

        if (_pageToken is not null && (before = PageToken.Read(_pageToken, Fingerprint)) is null)
        {
            Refuse("pageToken", "This token does not belong to a list with these filters; send it as it was given.");
        }

        Query = new JobQuery(filter, _pageSize, before);
        Problem = _errors.Count == 0 ? null : Problems.InvalidRequest(_errors);
    }

    public JobQuery Query { get; }

    /// <summary>What a page token of this list is bound to.</summary>
    public string Fingerprint { get; }

    public Problem? Problem { get; }

    public static ValueTask<JobListQuery?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<JobListQuery?>(new JobListQuery(
            context.Request.Query, context.RequestServices.GetRequiredService<IOptions<SearchOptions>>().Value.Enabled));

    private JobFilter Filter() => new()
    {
        States = _states.Count == 0 ? null : _states,
        Type = _type,
        Queue = _queue,
        Tags = _tags.Count == 0 ? null : _tags,
        CreatedAfter = _createdAfter,
        CreatedBefore = _createdBefore,
        Text = _text,
    };

    private void Read(string name, StringValues values)
    {
        if (name == "state")
        {
            ReadStates(values);
            return;
        }

        var isTag = name.Length > TagPrefix.Length && name.StartsWith(TagPrefix, StringComparison.Ordinal);

        // A tag's value can be empty; nothing else can.
        if (values is not [{ Length: <= MaxValueLength } value] || (value.Length == 0 && !isTag))
        {
            Refuse(name, "This parameter is given once, with 1 to 512 characters.");
            return;
        }

        switch (name)
        {
            case "type":
                _type = value;
                break;
            case "queue":
                _queue = value;
                break;
            case "createdAfter":
                _createdAfter = Instant(name, value);
                break;
            case "createdBefore":
                _createdBefore = Instant(name, value);
                break;
            case "q":
                _text = Text(name, value);
                break;
            case "pageToken":
                _pageToken = value;
                break;
            case "pageSize":
                _pageSize = PageSize(value);
                break;
            case var _ when isTag:
                _tags[name[TagPrefix.Length..]] = value;
                break;
            default:
                Refuse(name, "This parameter is not known.");
                break;
        }
    }

    private void ReadStates(StringValues values)
    {
        foreach (var word in values.SelectMany(value => (value ?? string.Empty).Split(',')))
        {
            if (Words.State(word) is { } state)
            {
                _states.Add(state);
            }
            else
            {
                Refuse("state", $"This is one or more of {string.Join(", ", Words.States)}.");
            }
        }
    }

    private int PageSize(string value)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= MaxPageSize)
        {
            return size;
        }

        Refuse("pageSize", $"This is a number from 1 to {MaxPageSize}.");
        return DefaultPageSize;
    }

    private SearchQuery? Text(string name, string value)
    {
        if (SearchWords.Read(value, _isSearchable, out var text) is { } why)
        {
            Refuse(name, why);
        }

        return text;
    }

    private DateTimeOffset? Instant(string name, string value)
    {
        if (UtcTimeConverter.TryRead(value, out var instant))
        {
            return instant;
        }

        Refuse(name, "This is not an RFC 3339 date-time with an offset, such as 2030-01-31T09:30:00Z (a + must be written %2B).");
        return null;
    }

    private void Refuse(string name, string message) => _errors.Add(new PayloadError("?" + (name.Length > 64 ? name[..64] : name), message));
}
