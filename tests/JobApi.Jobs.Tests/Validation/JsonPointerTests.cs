using JobApi.Jobs.Validation;

namespace JobApi.Jobs.Tests.Validation;

public sealed class JsonPointerTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("Url", "/url")]
    [InlineData("Customer.PostalCode", "/customer/postalCode")]
    [InlineData("Lines[2].UnitPrice", "/lines/2/unitPrice")]
    [InlineData("Grid[1][2]", "/grid/1/2")]
    [InlineData("/headers/X.Y[0]", "/headers/X.Y[0]")]
    public void A_property_becomes_a_pointer(string? property, string location) => Assert.Equal(location, JsonPointer.FromProperty(property));

    [Fact]
    public void Slashes_and_tildes_are_escaped() => Assert.Equal("a~1b~0c", JsonPointer.Escape("a/b~c"));
}
