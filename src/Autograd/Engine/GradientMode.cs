namespace NativeTrainer.Autograd;

/// <summary>Switches recording off: operations inside the scope make tensors that need no gradient.</summary>
/// <remarks>The setting belongs to the thread. <example><code>using (NoGrad.Enter()) { … }</code></example></remarks>
public static class NoGrad
{
    /// <summary>Switches recording off until the scope is disposed.</summary>
    public static GradientMode.Scope Enter() => GradientMode.Set(false);
}

/// <summary>Whether operations on this thread are recorded for a backward pass.</summary>
public static class GradientMode
{
    [ThreadStatic]
    private static bool _off;

    /// <summary>True unless a <see cref="NoGrad"/> scope is open.</summary>
    public static bool IsEnabled => !_off;

    /// <summary>Sets the mode until the scope is disposed.</summary>
    public static Scope Set(bool enabled)
    {
        var scope = new Scope(_off);
        _off = !enabled;
        return scope;
    }

    /// <summary>Puts the earlier mode back.</summary>
    public readonly ref struct Scope
    {
        private readonly bool _wasOff;

        internal Scope(bool wasOff) => _wasOff = wasOff;

        /// <inheritdoc/>
        public void Dispose() => _off = _wasOff;
    }
}
