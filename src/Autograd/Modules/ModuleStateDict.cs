using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>What loading a state dict left over.</summary>
/// <param name="Missing">Parameters of the module that the state dict had no tensor for; they kept their values.</param>
/// <param name="Unexpected">Tensors of the state dict that the module has no parameter for.</param>
public sealed record LoadResult(IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected);

/// <summary>Weights by name, out of a module and into it.</summary>
public static class ModuleStateDict
{
    extension(Module module)
    {
        /// <summary>
        /// Every parameter under its name; shared ones under each of their names. The tensors are the live weights, not copies.
        /// </summary>
        public IReadOnlyDictionary<string, Tensor> StateDict() => module.NamedParameters(all: true).ToDictionary(entry => entry.Name, entry => entry.Parameter.Value.Detach());

        /// <summary>Copies tensors into the parameters of the same names, converting dtypes.</summary>
        /// <param name="state">Tensors by name.</param>
        /// <param name="strict">Throw if names are missing or unexpected, before anything is copied.</param>
        /// <exception cref="InvalidOperationException">Names do not match (strict), or a shape differs; the message lists them
        /// all.</exception>
        public LoadResult LoadStateDict(IReadOnlyDictionary<string, Tensor> state, bool strict = true)
        {
            var parameters = module.NamedParameters(all: true).ToDictionary(entry => entry.Name, entry => entry.Parameter);
            var unexpected = state.Keys.Where(name => !parameters.ContainsKey(name)).Order(StringComparer.Ordinal).ToArray();

            // A tied weight that is in the file under one of its names is not missing under the others.
            var given = parameters.Where(entry => state.ContainsKey(entry.Key)).Select(entry => entry.Value).ToHashSet();
            var missing = parameters.Where(entry => !given.Contains(entry.Value)).Select(entry => entry.Key).ToArray();

            List<string> problems = [];
            foreach (var (name, tensor) in state)
            {
                if (parameters.TryGetValue(name, out var parameter) && parameter.Shape != tensor.Shape)
                {
                    problems.Add($"{name} has shape {tensor.Shape}, expected {parameter.Shape}");
                }
            }
            if (strict && missing.Length > 0) problems.Add($"missing: {string.Join(", ", missing)}");
            if (strict && unexpected.Length > 0) problems.Add($"unexpected: {string.Join(", ", unexpected)}");
            if (problems.Count > 0) throw new InvalidOperationException($"the state dict does not fit {module.GetType().Name}: {string.Join("; ", problems)}");

            foreach (var (name, tensor) in state)
            {
                if (parameters.TryGetValue(name, out var parameter)) parameter.CopyFrom(tensor);
            }
            return new LoadResult(missing, unexpected);
        }
    }
}
