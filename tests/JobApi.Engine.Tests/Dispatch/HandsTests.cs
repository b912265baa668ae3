using CsCheck;
using JobApi.Engine.Dispatch;
using JobApi.Engine.Storage;

namespace JobApi.Engine.Tests.Dispatch;

public sealed class HandsTests
{
    private enum Step
    {
        Offer,
        Take,
        Return,
        Retire,
        Unretire,
        LookAhead,
    }

    [Fact]
    public void Who_waits_for_hands_is_called_once_when_so_many_are_free()
    {
        var (hands, calls) = (new Hands { Ahead = 100 }, 0);
        hands.Take(100);

        Assert.Equal(new HandsOutlook(0, 100), hands.Watch(2, () => calls++));
        hands.Offer();
        Assert.Equal((0, 2), (calls, hands.Wanted));
        hands.Return(1);
        hands.Offer();

        Assert.Equal((1, 0), (calls, hands.Wanted));
    }

    [Fact]
    public void Who_waits_for_hands_is_called_when_the_node_looks_further_ahead()
    {
        var (hands, calls) = (new Hands { Ahead = 100 }, 0);
        hands.Take(100);
        hands.Watch(2, () => calls++);
        hands.Ahead = 102;
        Assert.Equal(1, calls);
    }

    [Fact]
    public void Who_waits_although_enough_are_free_is_not_called_for_more_of_them()
    {
        var (hands, calls) = (new Hands { Ahead = 100 }, 0);
        hands.Offer();
        Assert.Equal(new HandsOutlook(101, 101), hands.Watch(101, () => calls++));
        hands.Offer();
        Assert.Equal((0, 101), (calls, hands.Wanted));

        hands.Unwatch();
        hands.CallWatcher();
        Assert.Equal((0, 0), (calls, hands.Wanted));
    }

    [Theory]
    [InlineData(2, 99)]
    [InlineData(150, 149)]
    public void Who_waits_for_hands_is_called_when_there_will_not_be_so_many(int wanted, int ahead)
    {
        var (hands, calls) = (new Hands { Ahead = 200 }, 0);
        hands.Watch(wanted, () => calls++);
        hands.Take(200);
        hands.Watch(wanted, () => calls++);
        hands.Ahead = 150;
        Assert.Equal(0, calls);

        hands.Ahead = ahead;

        Assert.Equal((1, 0), (calls, hands.Wanted));
    }

    [Fact]
    public void Nobody_waits_for_more_hands_than_there_will_be()
    {
        var (hands, calls) = (new Hands { Ahead = 100 }, 0);
        hands.Take(100);

        Assert.Equal(new HandsOutlook(0, 100), hands.Watch(101, () => calls++));
        hands.Return(200);

        Assert.Equal((0, 0), (calls, hands.Wanted));
    }

    [Fact]
    public void Whatever_happens_no_hand_is_lost_or_made_up() =>
        Gen.Select(Gen.Enum<Step>(), Gen.Int[1, 5]).Array[0, 200].Sample(steps =>
        {
            var hands = new Hands();
            int dismissed = 0, idle = 0, taken = 0, leaving = 0, ahead = 0;
            hands.Dismiss = () => dismissed++;

            foreach (var (step, count) in steps)
            {
                switch (step)
                {
                    case Step.Offer when hands.Offer():
                        idle++;
                        break;
                    case Step.Offer:
                        leaving--;
                        break;
                    case Step.Take:
                        var got = hands.Take(count);
                        Assert.Equal(Math.Clamp(idle + ahead, 0, count), got);
                        (idle, taken) = (idle - got, taken + got);
                        break;
                    case Step.Return:
                        var back = Math.Min(count, taken);
                        (idle, taken) = (idle + back, taken - back);
                        hands.Return(back);
                        break;
                    case Step.Retire:
                        leaving += count;
                        hands.Retire(count);
                        break;
                    case Step.LookAhead:
                        hands.Ahead = ahead = count - 1;
                        break;
                    case Step.Unretire:
                        leaving -= hands.Unretire(count);
                        break;
                }

                (idle, leaving, dismissed) = (idle - dismissed, leaving - dismissed, 0);
                Assert.True(leaving >= 0);
                Assert.True(idle <= 0 || leaving == 0, "An idle worker that should go was kept waiting.");
                Assert.Equal(Math.Max(idle, 0), hands.Idle);
            }
        });
}
