"""How long `import keras_gans` takes: beside TensorFlow and Keras, which it imports, and after them.

python benchmarks/import_time.py
"""

import argparse
import statistics
import subprocess
import sys

STATEMENTS = {
    "tensorflow, keras": ("", "import tensorflow, keras"),
    "keras_gans after them": ("import tensorflow, keras", "import keras_gans"),
    "keras_gans.tfgan after that": ("import keras_gans", "import keras_gans.tfgan"),
}
CODE = """
import time
{before}
start = time.process_time()
{statement}
print(time.process_time() - start)
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="processes for each line; the median is printed")
    args = parser.parse_args()
    for name, (before, statement) in STATEMENTS.items():
        command = [sys.executable, "-c", CODE.format(before=before, statement=statement)]
        seconds = [
            float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])
            for _ in range(args.rounds)
        ]
        print(f"{name:30} {statistics.median(seconds):7.3f} s of processor time")


if __name__ == "__main__":
    main()
