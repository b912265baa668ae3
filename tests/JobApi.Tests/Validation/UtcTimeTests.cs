using JobApi.Contracts;

namespace JobApi.Tests.Validation;

public sealed class UtcTimeTests
{
    [Theory]
    [InlineData("2030-01-31T09:30:00Z")]
    [InlineData("2030-01-31t09:30:00z")]
    [InlineData("2030-01-31T09:30:00.1234567+05:30")]
    [InlineData("2030-01-31T09:30:00.123456789-00:00")]
    public void An_instant_is_read(string text) => Assert.True(UtcTimeConverter.TryRead(text, out _));

    [Theory]
    [InlineData("2030-01-31T09:30Z")]
    [InlineData("2030-01-31T9:30:00.00Z")]
    [InlineData("2030-01-31 09:30:00Z")]
    [InlineData("2030-01-31T09:30:00")]
    [InlineData("2030-01-31T 09:30:00Z")]
    [InlineData("2030-01-31T09:30:00 Z")]
    [InlineData("2030-01-31T09:30:00 +01:00")]
    [InlineData("2030-01-31T09:30:00,5Z")]
    [InlineData("2030-01-31T09:30:00PMZ")]
    [InlineData("2030-02-30T09:30:00Z")]
    [InlineData("2030-01-31T24:30:00Z")]
    [InlineData("2030-01-31T09:30:00+0100")]
    [InlineData("2030-01-31T09:30:00Z\n")]
    public void What_RFC_3339_does_not_know_is_refused(string text) => Assert.False(UtcTimeConverter.TryRead(text, out _));
}
