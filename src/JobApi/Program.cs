using JobApi.Endpoints;
using JobApi.Engine;
using JobApi.Guards;
using JobApi.Hosting;
using JobApi.Jobs;
using JobApi.OpenApi;
using JobApi.Refusals;
using JobApi.Requests;

var builder = WebApplication.CreateSlimBuilder(SafeDefaults.Arguments(args));

builder.UseSafeDefaults();
builder.WebHost.ReceiveWithoutThePool();
builder.Services.AddJobEngine(builder.Configuration.GetSection("JobApi"));
builder.UseChosenStore();
builder.Services.AddBuiltInJobs(builder.Configuration.GetSection("JobApi:Jobs"));
builder.Services.AddHttpFront();
builder.Services.AddApiDescription();

var app = builder.Build();

app.UseServicesWithoutScopes();
app.UseProblems();
app.UseMiddleware<HostGuard>();
app.UseMiddleware<OriginGuard>();
app.UseApiDescription();

var api = app.MapGroup(string.Empty).AddEndpointFilter<BindingFilter>();

api.MapJobs();
api.MapFiles();
api.MapQueues();
api.MapJobTypes();
api.MapWorkers();
api.MapMetrics();
api.MapHealth();
api.MapAdmin();

return app.RunToItsEnd();
