using JobApi.Sqlite.Tables;
using JobApi.Testing;

namespace JobApi.Store.Tests.Sqlite;

public sealed class EndRoomTests
{
    [Fact]
    public void A_type_gets_as_much_room_as_its_latest_end_took_and_no_other_type_does()
    {
        var room = new EndRoom();
        var job = Jobs.Running() with { Worker = "worker-é" };

        room.Took(job, resultBytes: 100);

        // The result, nine bytes of UTF-8, and eight for the rest.
        Assert.Equal(117, room.For(job.Type));
        Assert.Equal(EndRoom.Usual, room.For("another"));

        room.Took(job, resultBytes: 2);
        Assert.Equal(19, room.For(job.Type));
    }

    [Fact]
    public void A_large_end_gets_a_part()
    {
        var room = new EndRoom();
        room.Took(Jobs.Running(), resultBytes: 1_024);

        Assert.Equal(EndRoom.Max, room.For(Jobs.Running().Type));
    }
}
