#!/bin/sh
# Makes a virtual environment with the rivals: bench/peers/setup.sh DIR, then PYTHON=DIR/bin/python. 9 GB, most of it PyTorch.
set -eu
here=$(dirname "$0")
"${PYTHON:-python3}" -m venv "$1"
"$1/bin/python" -m pip install -q -r "$here/requirements.txt"
# MosaicML Streaming asks for numpy < 2.2 and transformers < 5, which keep the others at versions of 2024: it is installed without its dependencies. It works with the newest ones:
# the hash of all its batches is compared with the reference's before and after every figure.
"$1/bin/python" -m pip install -q --no-deps mosaicml-streaming==0.13.0
"$1/bin/python" -c 'import h5py, datasets, litdata, streaming, torch, torchvision, webdataset'
