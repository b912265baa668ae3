using JobApi.Faults.Checking;
using JobApi.Faults.Servers;
using JobApi.Faults.Twins;

namespace JobApi.Faults.Kinds;

/// <summary>Something bad that happens to a server. One of each is in <see cref="AllFaults"/>.</summary>
internal interface IFault
{
    /// <summary>Its name in reports.</summary>
    string Name { get; }

    /// <summary>How many trials of it may run side by side, each with a server of its own: more than one where a trial mostly waits.</summary>
    int AtOnce => 1;

    /// <summary>Which number on the command line says how often it strikes.</summary>
    FaultGroup Group => FaultGroup.Other;

    /// <summary>Its share of its group's number, against that of the others in the group.</summary>
    int Weight => 1;

    /// <summary>What the server is started with, on top of what every server of the harness is.</summary>
    ServerChoices Choices => new();

    /// <summary>How many clients load the server.</summary>
    int Clients => 8;

    /// <summary>How far the server's clock and ours may be apart, the time a signal takes included.</summary>
    TimeSpan Tolerance => TimeSpan.FromMilliseconds(100);

    /// <summary>The broken twins that must not get through it.</summary>
    IReadOnlyList<Control> Controls { get; }

    /// <summary>The fault as a control needs it: shorter, where that shows as much.</summary>
    IFault ForControl => this;

    /// <summary>Strikes once. The server is ready, clients load it; when this returns, it is ready again.</summary>
    Task StrikeAsync(Trial trial, CancellationToken cancellationToken);
}

/// <summary>A negative control: under the fault this twin breaks this promise, and the checker must say so.</summary>
internal sealed record Control(Twin Twin, ViolationKind Shows);
