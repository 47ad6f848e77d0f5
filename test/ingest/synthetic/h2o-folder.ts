import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new folder for a twin. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'posetta-h2o-twin-'))
}

/** Every file below a folder, sorted. */
export function filesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1)).sort()
}

/** The numbers of a text file of H2O. */
export function numbersOf(file: string): number[] {
  return readFileSync(file, 'utf8').split(/\s+/).filter((word) => word !== '').map(Number)
}

export function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1)
}

export function six(frame: number): string {
  return String(frame).padStart(6, '0')
}

/** Numbers in rows of a width. */
export function rowsOf(values: ArrayLike<number>, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, row) => Array.from({ length: width }, (__, at) => values[row * width + at]!))
}

export function lengthOf([x, y, z]: readonly number[]): number {
  return Math.hypot(x!, y!, z!)
}

/** a - b */
export function minus(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, at) => value - b[at]!)
}
