using JobApi.Store.Tests.Contract;

namespace JobApi.Store.Tests.Sqlite;

public sealed class SqliteInsertTests : InsertContract<SqliteStoreUnderTest>;

public sealed class SqliteIdempotencyTests : IdempotencyContract<SqliteStoreUnderTest>;

public sealed class SqliteClaimTests : ClaimContract<SqliteStoreUnderTest>;

public sealed class SqliteSuspectTests : SuspectContract<SqliteStoreUnderTest>;

public sealed class SqliteCompleteTests : CompleteContract<SqliteStoreUnderTest>;

public sealed class SqliteRenewTests : RenewContract<SqliteStoreUnderTest>;

public sealed class SqliteAdvanceTests : AdvanceContract<SqliteStoreUnderTest>;

public sealed class SqliteUniqueTests : UniqueContract<SqliteStoreUnderTest>;

public sealed class SqliteAmendTests : AmendContract<SqliteStoreUnderTest>;

public sealed class SqliteReadTests : ReadContract<SqliteStoreUnderTest>;

public sealed class SqliteSearchTests : SearchContract<SqliteStoreUnderTest>;

public sealed class SqliteCountsTests : CountsContract<SqliteStoreUnderTest>;

public sealed class SqliteControlTests : ControlContract<SqliteStoreUnderTest>;

public sealed class SqliteHistoryTests : HistoryContract<SqliteStoreUnderTest>;

public sealed class SqlitePurgeTests : PurgeContract<SqliteStoreUnderTest>;

public sealed class SqliteQueueTests : QueueContract<SqliteStoreUnderTest>;

public sealed class SqlitePlaceTests : PlaceContract<SqliteStoreUnderTest>;

public sealed class SqliteTurnTests : TurnContract<SqliteStoreUnderTest>;

public sealed class SqliteConcurrencyTests : ConcurrencyContract<SqliteStoreUnderTest>;
