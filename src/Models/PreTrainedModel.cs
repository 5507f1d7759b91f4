using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>A transformer with its configuration, which a Hugging Face folder is read into and written from.</summary>
/// <remarks>
/// A model derives from this, makes its modules in Hugging Face's order and calls <see cref="PostInit"/> at the end of its constructor; the
/// same seed then gives the initial weights that Hugging Face gives.
/// </remarks>
public abstract partial class PreTrainedModel : Module
{
    private bool _isInitialized;
    private long? _countWithoutEmbeddings;

    /// <summary>Checks the configuration, which the model keeps.</summary>
    protected PreTrainedModel(PretrainedConfig config)
    {
        config.Validate();
        Config = config;
    }

    /// <summary>What the model was made from.</summary>
    public PretrainedConfig Config { get; }

    /// <summary>The class's name in Hugging Face's <c>architectures</c>, as <c>GPT2LMHeadModel</c>.</summary>
    public abstract string Architecture { get; }

    /// <summary>The name under which a model with a head holds the model without one (Hugging Face's <c>base_model_prefix</c>).</summary>
    public abstract string BaseModelPrefix { get; }

    /// <summary>The names that <see cref="Forward(Batch)"/> takes from a batch.</summary>
    public abstract IReadOnlyList<string> ForwardArguments { get; }

    /// <summary>The name of the input whose elements are counted as tokens.</summary>
    public virtual string MainInputName => "input_ids";

    /// <summary>The names of labels, where training does not say otherwise.</summary>
    public virtual IReadOnlyList<string> DefaultLabelNames => ["labels"];

    /// <summary>Outputs that predictions leave out, where nobody says otherwise.</summary>
    public virtual IReadOnlyList<string> KeysToIgnoreAtInference => ["past_key_values"];

    /// <summary>Whether each position predicts the next one, so that labels are compared one to the left.</summary>
    public virtual bool IsCausalLanguageModel => false;

    /// <summary>The token embedding.</summary>
    public abstract Embedding InputEmbeddings { get; }

    /// <summary>
    /// The layer that gives each token id its score, which may share the weight of <see cref="InputEmbeddings"/>; null where there is none.
    /// </summary>
    public virtual Linear? OutputEmbeddings => null;

    /// <summary>
    /// Whether training keeps the input of each layer only and runs the layer again in the backward pass: the same numbers in less memory and more time.
    /// </summary>
    public bool GradientCheckpointing { get; private set; }

    /// <summary>
    /// Whether <see cref="Forward(Batch)"/> also gives the keys and values of all positions, as Hugging Face's models do outside training.
    /// Off, because they cost memory and are seldom looked at; models without a cache do not read it.
    /// </summary>
    public bool ReturnsPastKeyValues { get; set; }

    /// <summary>Whether <see cref="EnableGradientCheckpointing"/> can be obeyed.</summary>
    protected virtual bool SupportsGradientCheckpointing => false;

    /// <summary>Where the weights are.</summary>
    public Device Device => Parameters().First().Value.Device;

    /// <summary>The type of the weights.</summary>
    public DType DType => Parameters().First().Value.DType;

    /// <summary>Switches <see cref="GradientCheckpointing"/> on (or off) for the model and the models in it.</summary>
    /// <exception cref="NotSupportedException">The model does not offer it.</exception>
    public void EnableGradientCheckpointing(bool enable = true)
    {
        if (!SupportsGradientCheckpointing) throw new NotSupportedException($"{GetType().Name} offers no gradient_checkpointing; leave it out");
        foreach (var model in NamedModules().Select(entry => entry.Module).OfType<PreTrainedModel>()) model.GradientCheckpointing = enable;
    }

    /// <summary>
    /// Runs the model on a batch: the inputs that <see cref="ForwardArguments"/> names, and the loss where labels are among them.
    /// </summary>
    /// <exception cref="ArgumentException">A name that the model does not take, a shape or an id that does not fit.</exception>
    public abstract ModelOutput Forward(Batch batch);

    /// <summary>How many numbers the model has learned; a shared weight counts once.</summary>
    /// <param name="excludeEmbeddings">Leave out the weights of embeddings, and with them an output layer that shares one.</param>
    /// <param name="onlyTrainable">Leave out parameters that are frozen.</param>
    public long NumParameters(bool excludeEmbeddings = false, bool onlyTrainable = false)
    {
        var embeddings = NamedModules().Select(entry => entry.Module).OfType<Embedding>().Select(module => module.Weight).ToHashSet();
        return Parameters()
            .Where(parameter => !(excludeEmbeddings && embeddings.Contains(parameter)) && (parameter.RequiresGrad || !onlyTrainable))
            .Sum(parameter => parameter.ElementCount);
    }

    /// <summary>
    /// Floating point operations of a forward and backward pass as Hugging Face estimates them: 6 × tokens × parameters without embeddings.
    /// </summary>
    /// <returns>0 where the batch lacks <see cref="MainInputName"/>.</returns>
    public virtual double FloatingPointOps(Batch batch)
    {
        var tokens = batch.TryGet(MainInputName, out var input) ? input.ElementCount : 0;
        return 6.0 * tokens * (_countWithoutEmbeddings ??= NumParameters(excludeEmbeddings: true));
    }

    /// <summary>Has the output layer share the token embedding's weight, where the configuration says so.</summary>
    public virtual void TieWeights()
    {
    }

    /// <summary>
    /// Draws the initial weights of one module (Hugging Face's <c>_init_weights</c>); of its own parameters, not those of its children.
    /// </summary>
    protected abstract void InitWeights(Module module);

    /// <summary>
    /// Draws initial weights for all modules, children before parents, and ties what is to be tied. Call it last in the constructor.
    /// </summary>
    /// <remarks>A part that is a model itself has drawn its weights in its own constructor and is not drawn again. Nothing is drawn under
    /// <see cref="Init.Skip"/>.</remarks>
    protected void PostInit()
    {
        if (!Init.IsSkipped) InitializeWeights(this, new HashSet<Module>());
        _isInitialized = !Init.IsSkipped;
        TieWeights();
    }

    /// <summary>Refuses what <see cref="Forward(Batch)"/> does not take.</summary>
    protected void CheckNames(Batch batch)
    {
        foreach (var (name, _) in batch)
        {
            if (!ForwardArguments.Contains(name))
            {
                throw new ArgumentException($"{GetType().Name} takes {string.Join(", ", ForwardArguments)}; the batch also has {name}");
            }
        }
    }

    private void InitializeWeights(Module module, IReadOnlySet<Module> done)
    {
        if (done.Contains(module) || module is PreTrainedModel { _isInitialized: true }) return;
        foreach (var (_, child) in module.Children) InitializeWeights(child, done);
        InitWeights(module);
    }
}
