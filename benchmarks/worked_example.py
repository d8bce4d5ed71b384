# mypy: allow-untyped-defs, allow-untyped-calls
"""The worked example of docs/recommender.md: both methods, and the picture of their error.

    python benchmarks/worked_example.py [--picture docs/worked-example.png]

The functions between the marks are those the page prints; a test compares.
"""

import argparse
from pathlib import Path

import numpy as np

PICTURE = Path(__file__).resolve().parents[1] / "docs/worked-example.png"
N_SWEEPS = 450
RATE = 0.05

# printed:begin
R = np.array([[1, 0, 1], [0, 2, 0], [1, 0, 1]], float)


def start(r, k, seed):
    rng = np.random.default_rng(seed)
    return [rng.normal(0, 0.5, (n, k)) for n in r.shape]


def gradient_descent(r, k, n_sweeps, rate, seed=0):
    u, v = start(r, k, seed)
    errors = [np.linalg.norm(r - u @ v.T)]
    for _ in range(n_sweeps):
        e = r - u @ v.T
        u, v = u + rate * e @ v, v + rate * e.T @ u
        errors.append(np.linalg.norm(r - u @ v.T))
    return u, v, errors


def alternating_least_squares(r, k, n_sweeps, seed=0):
    u, v = start(r, k, seed)
    errors = [np.linalg.norm(r - u @ v.T)]
    for _ in range(n_sweeps):
        u = np.linalg.lstsq(v, r.T)[0].T
        v = np.linalg.lstsq(u, r)[0].T
        errors.append(np.linalg.norm(r - u @ v.T))
    return u, v, errors


# printed:end


def draw(path: Path) -> None:
    """Draw the Frobenius error by sweep of both methods, from five starts each."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 3.6), dpi=110, layout="constrained")
    for seed in range(5):
        descent = gradient_descent(R, 2, N_SWEEPS, RATE, seed)[2]
        exact = alternating_least_squares(R, 2, N_SWEEPS, seed)[2]
        is_first = seed == 0
        axes.semilogy(
            np.maximum(descent, 1e-16),
            color="#c2570c",
            lw=1.2,
            label=f"gradient descent, rate {RATE}" if is_first else None,
        )
        axes.semilogy(
            np.maximum(exact, 1e-16),
            color="#1d5fa8",
            lw=1.2,
            label="alternating least squares" if is_first else None,
        )
    axes.axhline(2.73, color="#555", lw=1, ls="--")
    axes.text(N_SWEEPS, 3.4, "the printed factors, 2.73", ha="right", va="bottom", color="#555")
    axes.set(xlabel="sweeps", ylabel="‖R − U Vᵀ‖, Frobenius", xlim=(0, N_SWEEPS), ylim=(1e-16, 60))
    axes.legend(loc="lower left", bbox_to_anchor=(0.02, 0.24), frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--picture", type=Path, default=PICTURE)
    path = parser.parse_args().picture
    draw(path)
    print(f"{path}: error by sweep")
    for name, (_, _, errors) in {
        "gradient descent": gradient_descent(R, 2, N_SWEEPS, RATE),
        "alternating least squares": alternating_least_squares(R, 2, N_SWEEPS),
    }.items():
        print(name, " ".join(f"{errors[n]:.0e}" for n in (0, 1, 50, 100, N_SWEEPS)))


if __name__ == "__main__":
    main()
