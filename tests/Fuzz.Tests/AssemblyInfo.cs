// Targets keep files in one directory each, so no two runs of one target go side by side.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
