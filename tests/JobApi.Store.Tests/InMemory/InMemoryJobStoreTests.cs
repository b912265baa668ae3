using JobApi.Store.Tests.Contract;

namespace JobApi.Store.Tests.InMemory;

public sealed class InMemoryInsertTests : InsertContract<InMemoryStoreUnderTest>;

public sealed class InMemoryIdempotencyTests : IdempotencyContract<InMemoryStoreUnderTest>;

public sealed class InMemoryClaimTests : ClaimContract<InMemoryStoreUnderTest>;

public sealed class InMemoryCompleteTests : CompleteContract<InMemoryStoreUnderTest>;
