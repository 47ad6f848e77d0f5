import { spawnSync } from 'node:child_process'

/** A Python (POSETTA_PYTHON or python3) that can import all of the modules, or null; tests that need one say that they skipped. */
export function pythonWith(...modules: readonly string[]): string | null {
  const python = process.env['POSETTA_PYTHON'] ?? 'python3'
  return spawnSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' }).status === 0 ? python : null
}

/** Runs a script, input on stdin; answers what it printed. Throws with its errors when it fails. */
export function runPython(python: string, script: string, input: Uint8Array | string = ''): string {
  const { status, stdout, stderr } = spawnSync(python, ['-c', script], { input, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`python failed: ${stderr}`)
  return stdout
}
