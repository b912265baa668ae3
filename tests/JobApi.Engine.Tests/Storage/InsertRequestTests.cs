using JobApi.Engine.Storage;
using JobApi.Testing;

namespace JobApi.Engine.Tests.Storage;

public sealed class InsertRequestTests
{
    [Fact]
    public void Its_jobs_are_those_of_its_submissions_whatever_it_was_made_from()
    {
        var (first, second, third) = (Jobs.Spec(), Jobs.Spec(), Jobs.Spec());
        var request = new InsertRequest([new Engine.Storage.Submission([first]), new Engine.Storage.Submission([]), new Engine.Storage.Submission([second, third])], Jobs.Start);

        Assert.Equal([first, second, third], request.Jobs);
        Assert.Equal([third], (request with { Submissions = [new Engine.Storage.Submission([third])] }).Jobs);
    }
}
