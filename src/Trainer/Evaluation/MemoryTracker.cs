namespace NativeTrainer.Evaluation;

/// <summary>What <c>skip_memory_metrics false</c> reports: how the process's resident memory grew in making the trainer, in training, in
/// evaluating and in predicting, and how far it went above its end in between.</summary>
/// <remarks>Keys and rules are those of Transformers: what runs inside another stage is not measured, and the making of the trainer is
/// reported with the first stage that ends.</remarks>
internal sealed class MemoryTracker
{
    private const string Init = "init";
    private readonly TrainingArguments _args;
    private (long Begin, long Alloc, long Peaked) _init;
    private bool _initReported;
    private string? _stage;
    private long _begin;
    private PeakWatch? _watch;

    /// <summary>Begins to measure the making of the trainer, if memory is to be measured at all.</summary>
    public MemoryTracker(TrainingArguments args)
    {
        _args = args;
        Start(Init);
    }

    /// <summary>Begins a stage: <c>train</c>, <c>eval</c>, <c>test</c>.</summary>
    public void Start(string stage)
    {
        Abandon(stage); // an error may have ended it the last time
        if (_args.SkipMemoryMetrics || _stage is not null) return;
        GC.Collect();
        (_stage, _begin, _watch) = (stage, Resident, new PeakWatch());
    }

    /// <summary>Forgets a stage that an error has ended.</summary>
    public void Abandon(string stage)
    {
        if (_stage != stage) return;
        _watch!.Stop();
        (_stage, _watch) = (null, null);
    }

    /// <summary>Ends a stage, and adds its numbers and, the first time, those of the trainer's making.</summary>
    public void Stop(string stage, Metrics? metrics = null)
    {
        if (_stage != stage) return;
        var peak = _watch!.Stop();
        GC.Collect();
        var end = Resident;
        var (alloc, peaked) = (end - _begin, Math.Max(0, peak - end));
        if (stage == Init) _init = (_begin, alloc, peaked);
        (_stage, _watch) = (null, null);
        if (metrics is null) return;
        if (!_initReported) Add(Init, _init.Alloc, _init.Peaked);
        Add(stage, alloc, peaked);
        if (!_initReported) metrics["before_init_mem_cpu"] = _init.Begin;
        _initReported = true;

        void Add(string name, long allocated, long peakedBy)
        {
            metrics[$"{name}_mem_cpu_alloc_delta"] = allocated;
            metrics[$"{name}_mem_cpu_peaked_delta"] = peakedBy;
        }
    }

    private static long Resident => Environment.WorkingSet;

    /// <summary>Looks at the resident memory every few milliseconds.</summary>
    private sealed class PeakWatch
    {
        private readonly ManualResetEventSlim _stop = new();
        private readonly Thread _thread;
        private long _peak;

        public PeakWatch()
        {
            _thread = new Thread(Watch) { IsBackground = true, Name = "memory metrics" };
            _thread.Start();
        }

        public long Stop()
        {
            _stop.Set();
            _thread.Join();
            _stop.Dispose();
            return _peak;
        }

        private void Watch()
        {
            do _peak = Math.Max(_peak, Resident);
            while (!_stop.Wait(millisecondsTimeout: 5));
        }
    }
}
