"""Words: those of the page that a student may not know, each with what it means.

Groups of them in the order in which a student meets them. The glossary adds the functions.
"""

from dataclasses import dataclass

from nets.engine.backprop import BIAS_RULES
from nets.explain.phase_names import MEANINGS, STEPS


@dataclass(frozen=True)
class Word:
    """A word, what it means, and its formula where it has one."""

    word: str
    meaning: str
    formula: str = ""

    @property
    def explanation(self) -> str:
        """The meaning with its formula, in one line."""
        return f"{self.formula}. {self.meaning}" if self.formula else self.meaning


GROUPS: dict[str, tuple[Word, ...]] = {
    "The network": (
        Word(
            "neuron",
            "Adds up its inputs, each times a weight, adds its bias, and puts the sum z through "
            "its activation. The result a is what the next layer gets.",
            "a = f(z), z = Σ x · w + b",
        ),
        Word(
            "weight",
            "A number on the line between two neurons. What flows along the line is multiplied by "
            "it. The network learns by changing its weights and biases.",
        ),
        Word("bias", "A number that a neuron adds to its weighted sum, whatever its inputs are."),
        Word(
            "layer",
            "Neurons that work side by side. n_input, n_hidden and n_output are the numbers of "
            "neurons of the input layer, of the hidden layer and of the output layer.",
        ),
        Word(
            "activation",
            "The function f that a neuron puts its weighted sum z through. Without a curved one "
            "all layers together could only draw straight lines.",
            "a = f(z)",
        ),
    ),
    "The picture": (
        Word(
            "blue line",
            "A weight above 0: the more the neuron at its left gives, the higher the sum z of the "
            "neuron at its right.",
        ),
        Word(
            "orange line",
            "A weight below 0, dashed too: the more the neuron at its left gives, the lower the "
            "sum z of the neuron at its right.",
        ),
        Word(
            "wide line",
            "A weight far from 0, above or below: it has much influence. A thin grey line is a "
            "weight near 0; at 0 a colour is grey everywhere, neither blue nor orange. The colour "
            "bar shows which colour is which number.",
        ),
        Word("square", "The bias of the neuron next to it, in the same colours as the weights."),
        Word(
            "fill",
            "The activation of the neuron for the example that is shown; the number in it is the "
            "same. In backpropagation it is δ, and in a small picture the neuron's output for "
            "every input.",
        ),
        Word(
            "shown example",
            "The example whose numbers the neurons show. The arrows show another one. Training "
            "uses all of them.",
        ),
        Word(
            "decision boundary",
            "The map of the output for every pair of inputs: blue for high, orange and striped for "
            "low. The boundary is the line where the network changes its answer.",
        ),
    ),
    "The four steps": tuple(
        Word(f"{number} {title}", MEANINGS[step])
        for number, (step, title) in enumerate(STEPS.items(), start=1)
    ),
    "Training": (
        Word("epoch", "One pass of the training through all training examples."),
        Word(
            "loss",
            "How wrong the network is: 0 is perfect. It is the average over the examples, and "
            "training makes it smaller.",
        ),
        Word(
            "best possible loss",
            "No weights reach a lower loss: the targets contradict each other, or this network "
            "cannot express them.",
        ),
        Word(
            "gradient",
            "How fast the loss rises when one weight or bias rises. Training moves every weight "
            "and bias against its gradient.",
            "∂loss/∂w",
        ),
        Word(
            "δ",
            "How fast the loss rises when the weighted sum z of a neuron rises. Backpropagation "
            "computes it layer by layer, from the output back.",
            "δ = ∂loss/∂z",
        ),
        Word(
            "gradients checked",
            "✓: backpropagation and autograd agree on every gradient. ✗: some biases do not follow "
            "their own gradient. A click opens the panel Gradient check.",
        ),
        Word(
            "learning rate",
            "How far each update goes. If it is too small, learning is slow; if it is too large, "
            "the loss jumps up.",
            "Δw = −η · gradient, where η is the learning rate",
        ),
        Word(
            "batch",
            "The examples of one update. If it is empty, all examples are one batch, and an epoch "
            "is one update. Smaller batches make more updates in an epoch.",
        ),
        Word(
            "bias update",
            "The notebook adds one number, the sum over the whole layer, to every bias of the "
            "layer. In a layer of several neurons this is not the gradient of any bias, and some "
            f"biases may move in the wrong direction. With “{BIAS_RULES['gradient'].title}” every "
            "bias follows its own gradient.",
        ),
        Word(
            "optimiser",
            "How gradients become changes of weights and biases. Gradient descent is the "
            "notebook's update; the others are those of torch.optim, and usually need a smaller "
            "learning rate.",
        ),
        Word(
            "regularisation",
            "A penalty on large weights, which makes the function that is learned smoother. Biases "
            "have none, and the loss shown does not include it.",
        ),
        Word(
            "L1",
            "From 0 to 10. Added to the loss that is minimised: many weights become 0. Biases are "
            "not penalised, and the loss shown does not include the penalty.",
            "L1 · Σ |w|",
        ),
        Word(
            "L2",
            "From 0 to 10. Added to the loss that is minimised: large weights shrink. Biases are "
            "not penalised, and the loss shown does not include the penalty.",
            "L2 / 2 · Σ w²",
        ),
        Word(
            "weight initialisation",
            "How weights and biases are drawn before epoch 0. Xavier suits sigmoid and tanh, He "
            "suits ReLU; with both, all biases start at 0.",
        ),
        Word(
            "seed",
            "A number that decides every random draw: the same seed gives the same first weights "
            "and, if the data is random, the same data.",
        ),
        Word(
            "early stopping",
            "Training ends at the first epoch that meets a condition: the loss or the accuracy is "
            "good enough, or the loss no longer improves.",
        ),
    ),
    "The data": (
        Word(
            "example",
            "One case to learn from: its inputs x, and its target y, the right answer. ŷ is the "
            "answer of the network.",
        ),
        Word(
            "train/test split",
            "The network never trains on the test data, so they show whether it generalises or "
            "only memorises.",
        ),
        Word(
            "test fraction",
            "From 0 to 0.9: the fraction of the examples that is held out as test data. Every "
            "class is held out in the same proportion.",
        ),
        Word(
            "data seed",
            "The seed from which the data is drawn and split. If it is empty, Seed is used, which "
            "also draws the first weights.",
        ),
        Word("noise", "From 0 to 0.5: how much random noise is added to the examples."),
        Word(
            "features",
            "Extra inputs that are computed from x₁ and x₂. With x₁² and x₂² a single neuron can "
            "draw a circle. Their number is included in n_input.",
        ),
        Word(
            "linearly separable",
            "A straight line separates the classes. If none does, no network without a hidden "
            "layer classifies all examples correctly. The panel Diagnosis says why.",
        ),
        Word(
            "accuracy",
            "The share of the examples whose class the network predicts correctly. Of several "
            "outputs the largest is the predicted class. A single output above 0.5 means class 1 "
            "(above 0 if the loss contains the sigmoid), any other class 0.",
        ),
        Word(
            "the notebook",
            "The lesson that this page grew out of: a Jupyter notebook that trains 5 inputs, 3 "
            "hidden neurons and 1 output on random numbers, in four steps written by hand in "
            "PyTorch. With the data set Notebook the page has the same numbers.",
        ),
    ),
}
