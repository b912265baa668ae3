using JobApi.Benchmarks.Comparing;
using JobApi.Benchmarks.Load;
using JobApi.Benchmarks.Measures;
using JobApi.Benchmarks.Micro;
using JobApi.Benchmarks.Peers;

// The verbs; without one, the measures of a single server.
return args switch
{
    [CompareCommand.Verb, .. var rest] => await CompareCommand.RunAsync(rest),
    [MicroCommand.Verb, .. var rest] => MicroCommand.Run(rest),
    [Drive.Verb, .. var rest] => await Drive.RunAsync(rest),
    [BareServer.Verb, .. var rest] => await BareServer.RunAsync(rest),
    [HangfireServer.Verb, .. var rest] => await HangfireServer.RunAsync(rest),
    _ => await MeasureCommand.RunAsync(args),
};
