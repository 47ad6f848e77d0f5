import { ToolkitError } from '../../errors.ts'

const FIXES: Readonly<Record<string, { readonly said: RegExp; readonly message: string; readonly hint: string }>> = {
  webgpu: {
    said: /WebGPU adapter|vkCreateInstance|libvulkan/, message: 'no graphics adapter was found',
    hint: "sudo apt-get install libvulkan1 # and the graphics card's own Vulkan driver; VK_DRIVER_FILES=FILE.json names one that lies elsewhere",
  },
  cuda: {
    said: /shared library|CUDA|cudnn|cublas/i, message: "ONNX Runtime's CUDA provider cannot be loaded",
    hint: 'ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node # and the libraries of CUDA 12 and cuDNN 9 on LD_LIBRARY_PATH',
  },
}

/** E_DEVICE_UNUSABLE with the command that makes a device of ONNX Runtime usable, when that is what `said` is about; else null. */
export function deviceUnusable(device: string, said: string, cause?: unknown): ToolkitError | null {
  const fix = FIXES[device]
  if (fix === undefined || !fix.said.test(said)) return null
  return new ToolkitError('E_DEVICE_UNUSABLE', `${device}: ${fix.message} (${said.trim().split('\n')[0]!.replace(/^.* was false\. /, '')})`, { hint: fix.hint, cause })
}
