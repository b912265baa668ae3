Console.Error.WriteLine("Usage: dotnet run -c Release --project tests/JobApi.Faults -- --long");
return 2;
