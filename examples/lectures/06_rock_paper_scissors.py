"""Claim: in rock, paper, scissors gradient play need not converge.

From the lecture on training and stabilization. Each player has three logits and climbs its payoff, exact gradients, from
A = softmax(1, 0, 0) and uniform B. What happens depends on the payoff: the slide's, where each maximizes its probability to win,
is not zero-sum (both lose by drawing), and play spirals outward; win minus lose is zero-sum, and alternating play orbits. With
consensus both also reduce the squared length of their common gradient v: x += h (v - gamma J' v), J = dv/dx.

    python examples/lectures/06_rock_paper_scissors.py
"""

import common
import matplotlib.pyplot as plt
import numpy as np

STEP = 0.1
WIN = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0]], float)  # row beats column: rock scissors, paper rock, scissors paper
PAYOFFS = {"win probability": WIN, "zero-sum": WIN - WIN.T}
RULES = {"alternating": 0.0, "simultaneous": 0.0, "consensus, gamma 10": 10.0}


def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()


def field(x, payoff):
    """Both players' gradients in their logits, and their Jacobian."""
    players = [softmax(x[:3]), softmax(x[3:])]
    spread = [np.diag(p) - np.outer(p, p) for p in players]
    v, jacobian = np.zeros(6), np.zeros((6, 6))
    for me in (0, 1):
        p, mine, theirs = players[me], slice(3 * me, 3 * me + 3), slice(3 - 3 * me, 6 - 3 * me)
        u = payoff @ players[1 - me]
        v[mine] = spread[me] @ u
        jacobian[mine, mine] = (np.diag(u - p @ u) - np.outer(p, u)) @ spread[me]
        jacobian[mine, theirs] = spread[me] @ payoff @ spread[1 - me]
    return v, jacobian


def play(payoff, rule, steps):
    """The probabilities of both players at each step, (steps + 1, 6)."""
    x, path = np.array([1.0, 0, 0, 0, 0, 0]), []
    for _ in range(steps + 1):
        path.append([*softmax(x[:3]), *softmax(x[3:])])
        if rule == "alternating":
            x[:3] += STEP * field(x, payoff)[0][:3]
            x[3:] += STEP * field(x, payoff)[0][3:]
        else:
            v, jacobian = field(x, payoff)
            x = x + STEP * (v - RULES[rule] * jacobian.T @ v)
    return np.array(path)


def main():
    args = common.arguments(__doc__)
    steps = 100 if args.quick else 2000
    shown = [n for n in (0, 10, 100, 500, 1000, 2000) if n <= steps]
    figure, axes = plt.subplots(1, 3, figsize=(13, 4), layout="constrained")
    corners, rows = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 3**0.5 / 2]]), []
    for axis, (title, payoff) in zip(axes, PAYOFFS.items(), strict=False):
        for number, rule in enumerate(RULES):
            path = play(payoff, rule, steps)
            distance = np.maximum(-np.log(3 * path).sum(axis=1) / 3, 0)  # KL(uniform | A) + KL(uniform | B)
            rows.append([f"{title}, {rule}", *(float(distance[n]) for n in shown)])
            axis.plot(*(path[:, :3] @ corners).T, lw=0.8, color=f"C{number}", label=rule)
            axes[2].semilogy(np.maximum(distance, 1e-16), "-" if payoff is WIN else "--", color=f"C{number}", label=rows[-1][0])
        axis.fill(*corners.T, fill=False, color="k")
        for name, corner in zip(("rock", "paper", "scissors"), corners, strict=True):
            axis.annotate(name, corner, ha="center", va="bottom" if corner[1] else "top")
        axis.plot(*corners.mean(axis=0), "k+")
        axis.set(title=f"player A, payoff: {title}", aspect="equal")
        axis.set_xlim(-0.5, 1.1)
        axis.axis("off")
    axes[0].legend(loc="upper left", fontsize=8)
    axes[2].set(title="KL(u | A) + KL(u | B), u uniform", xlabel="step", ylim=(1e-8, 30))
    axes[2].legend(fontsize=7, loc="lower left")
    common.table(["KL to uniform after", *(f"{n} steps" for n in shown)], rows)
    common.save(figure, args, "06_rock_paper_scissors")


if __name__ == "__main__":
    main()
