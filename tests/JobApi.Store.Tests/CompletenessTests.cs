using JobApi.Store.Tests.Contract;
using JobApi.Store.Tests.Files;
using JobApi.Store.Tests.InMemory;
using JobApi.Store.Tests.Sqlite;

namespace JobApi.Store.Tests;

/// <summary>A store that skips a contract would look as good as one that keeps it, so skipping is a failure.</summary>
public sealed class CompletenessTests
{
    /// <summary>Every store there is, of jobs and of files. A new one is added here first.</summary>
    private static readonly Type[] Stores = [typeof(InMemoryStoreUnderTest), typeof(SqliteStoreUnderTest), typeof(FolderFilesUnderTest)];

    private static readonly Type[] Types = typeof(CompletenessTests).Assembly.GetTypes();

    private static readonly Type[] Contracts =
        [.. Types.Where(type => type.IsAbstract && type != typeof(StoreContract<>) && type.Name.EndsWith("Contract`1", StringComparison.Ordinal))];

    [Fact]
    public void Every_store_keeps_every_contract()
    {
        var missing =
            from contract in Contracts
            from store in Stores.Where(store => IsFor(contract, store))
            where !Types.Any(type => !type.IsAbstract && type.IsAssignableTo(contract.MakeGenericType(store)))
            select $"{store.Name} does not derive {contract.Name}";

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_store_in_this_assembly_is_listed()
    {
        var all = Types.Where(type => !type.IsInterface && (type.IsAssignableTo(typeof(IStoreUnderTest)) || type.IsAssignableTo(typeof(IFilesUnderTest))));

        Assert.Equal(Stores.ToHashSet(), all.ToHashSet());
    }

    [Fact]
    public void The_contracts_are_found()
    {
        Assert.Equal(19, Contracts.Count(contract => IsFor(contract, typeof(InMemoryStoreUnderTest))));
        Assert.Equal(1, Contracts.Count(contract => IsFor(contract, typeof(FolderFilesUnderTest))));
    }

    /// <summary>A contract says by the constraint on its parameter which kind of store it is about.</summary>
    private static bool IsFor(Type contract, Type store) => contract.GetGenericArguments()[0].GetGenericParameterConstraints().All(store.IsAssignableTo);
}
