#!/bin/sh
# Packs bench/engine/gpu.ts for a machine that has a graphics card and PyTorch but no network: bench/engine/pack-gpu.sh OUT.tar.xz (about 40 MB), after `npm run build`.
# In it: this Node, the built JavaScript, ONNX Runtime for linux-x64 (its CPU and WebGPU parts; CUDA_PROVIDER=DIR adds libonnxruntime_providers_{shared,cuda}.so of the same version), the peer's script.
# There:
#   tar xJf OUT.tar.xz && cd posetta-gpu && PYTHON=/path/to/python ./run.sh
# webgpu needs libvulkan.so.1 (on LD_LIBRARY_PATH when the system has none) and NVIDIA's Vulkan driver (VK_DRIVER_FILES=/usr/share/vulkan/icd.d/nvidia_icd.json); cuda the provider and
# the libraries of CUDA and cuDNN on LD_LIBRARY_PATH: PyTorch's wheels have them in site-packages/nvidia/*/lib.
set -eu
out=$1
here=$(cd "$(dirname "$0")/../.." && pwd)
cd "$here"
folder=$(mktemp -d)/posetta-gpu
mkdir -p "$folder/bench/engine" "$folder/bench/peers" "$folder/node_modules/onnxruntime-node/bin/napi-v6/linux"
npx vite build --logLevel error --ssr bench/engine/gpu.ts --outDir "$folder/bench/engine"
cp bench/engine/la2ds-ours.js bench/engine/serve-steps.js "$folder/bench/engine/"
cp bench/peers/training_step.py bench/peers/steps.py "$folder/bench/peers/"
cp -r dist package.json "$folder/"
cp -r node_modules/onnxruntime-common "$folder/node_modules/"
cp -r node_modules/onnxruntime-node/dist node_modules/onnxruntime-node/package.json "$folder/node_modules/onnxruntime-node/"
cp -r node_modules/onnxruntime-node/bin/napi-v6/linux/x64 "$folder/node_modules/onnxruntime-node/bin/napi-v6/linux/"
[ -z "${CUDA_PROVIDER:-}" ] || cp "$CUDA_PROVIDER"/libonnxruntime_providers_*.so "$folder/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/"
cp "$(node -p process.execPath)" "$folder/node"
printf '#!/bin/sh\ncd "$(dirname "$0")"\nCOMMIT=%s exec ./node bench/engine/gpu.js\n' "$(git rev-parse --short HEAD)" > "$folder/run.sh"
chmod +x "$folder/run.sh"
tar cf - -C "$(dirname "$folder")" posetta-gpu | xz -T0 -6 > "$out"
rm -r "$(dirname "$folder")"
ls -l "$out"
