namespace JobApi.Jobs.Safety;

/// <summary>A host has an address that requests may not reach. The address is not told: callers must not map the network with it.</summary>
internal sealed class AddressRefusedException(string host) : Exception($"'{host}' is, or resolves to, an address that this server does not send requests to.");
