using JobApi.Jobs.Safety;

namespace JobApi.Jobs.Tests.Safety;

public sealed class TempFileTests
{
    [Fact]
    public void A_temporary_file_works_without_a_name_so_that_no_end_of_the_process_leaves_it_behind()
    {
        using var file = TempFile.Create();
        file.Write([1, 2, 3]);
        file.Position = 1;

        Assert.Equal((2, 3L), (file.ReadByte(), file.Length));

        // Windows keeps the name until the last handle is closed, and closes those of a process that dies.
        Assert.Equal(OperatingSystem.IsWindows(), File.Exists(file.Name));
    }
}
