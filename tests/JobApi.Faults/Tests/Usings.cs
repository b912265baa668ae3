// Every trial is measured and wants the machine for itself.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
