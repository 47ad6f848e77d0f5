import { spawnSync } from 'node:child_process'

const python = process.env['POSETTA_PYTHON'] ?? 'python3'
const found = new Map<string, boolean>()

/** A Python (POSETTA_PYTHON or python3) that has all of the modules, or null; tests that need one say that they skipped. They are looked for, not imported: torch alone takes seconds. */
export function pythonWith(...modules: readonly string[]): string | null {
  for (const module of modules) if (!found.has(module)) found.set(module, hasModule(module))
  return modules.every((module) => found.get(module)) ? python : null
}

function hasModule(module: string): boolean {
  return spawnSync(python, ['-c', `import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)`], { stdio: 'ignore' }).status === 0
}

/** Runs a script, input on stdin; answers what it printed. Throws with its errors when it fails. */
export function runPython(python: string, script: string, input: Uint8Array | string = ''): string {
  const { status, stdout, stderr } = spawnSync(python, ['-c', script], { input, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`python failed: ${stderr}`)
  return stdout
}
