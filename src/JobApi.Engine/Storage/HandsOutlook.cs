namespace JobApi.Engine.Storage;

/// <summary>How many hands there are for new jobs: a store to which a job costs less when it is stored already claimed may let it wait for one that is free in a moment.</summary>
/// <param name="Free">Those that can be taken now.</param>
/// <param name="Soon">Those that can be taken within a moment if nobody else takes them, the free ones among them; zero where jobs take so long that nobody should wait for their end, and then the free ones are not counted either.</param>
public readonly record struct HandsOutlook(int Free, int Soon);
