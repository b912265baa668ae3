using JobApi.Benchmarks;
using JobApi.Benchmarks.Load;
using JobApi.Benchmarks.Peers;

// The verbs of the processes that a run starts; all else is a run.
return args switch
{
    [Drive.Verb, .. var rest] => await Drive.RunAsync(rest),
    [BareServer.Verb, .. var rest] => await BareServer.RunAsync(rest),
    [HangfireServer.Verb, .. var rest] => await HangfireServer.RunAsync(rest),
    _ => await Run.StartAsync(args),
};
