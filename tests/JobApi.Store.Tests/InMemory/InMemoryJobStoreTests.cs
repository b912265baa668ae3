using JobApi.Store.Tests.Contract;

namespace JobApi.Store.Tests.InMemory;

public sealed class InMemoryInsertTests : InsertContract<InMemoryStoreUnderTest>;

public sealed class InMemoryIdempotencyTests : IdempotencyContract<InMemoryStoreUnderTest>;

public sealed class InMemoryClaimTests : ClaimContract<InMemoryStoreUnderTest>;

public sealed class InMemorySuspectTests : SuspectContract<InMemoryStoreUnderTest>;

public sealed class InMemoryCompleteTests : CompleteContract<InMemoryStoreUnderTest>;

public sealed class InMemoryRenewTests : RenewContract<InMemoryStoreUnderTest>;

public sealed class InMemoryAdvanceTests : AdvanceContract<InMemoryStoreUnderTest>;

public sealed class InMemoryUniqueTests : UniqueContract<InMemoryStoreUnderTest>;

public sealed class InMemoryAmendTests : AmendContract<InMemoryStoreUnderTest>;

public sealed class InMemoryReadTests : ReadContract<InMemoryStoreUnderTest>;

public sealed class InMemorySearchTests : SearchContract<InMemoryStoreUnderTest>;

public sealed class InMemoryCountsTests : CountsContract<InMemoryStoreUnderTest>;

public sealed class InMemoryControlTests : ControlContract<InMemoryStoreUnderTest>;

public sealed class InMemoryHistoryTests : HistoryContract<InMemoryStoreUnderTest>;

public sealed class InMemoryPurgeTests : PurgeContract<InMemoryStoreUnderTest>;

public sealed class InMemoryQueueTests : QueueContract<InMemoryStoreUnderTest>;

public sealed class InMemoryPlaceTests : PlaceContract<InMemoryStoreUnderTest>;

public sealed class InMemoryTurnTests : TurnContract<InMemoryStoreUnderTest>;

public sealed class InMemoryConcurrencyTests : ConcurrencyContract<InMemoryStoreUnderTest>;
