import { ABSENT, type Clip, OCCLUDED } from '../clip.ts'
import { html, type Markup, raw } from '../eval/report/markup.ts'
import type { Skeleton } from '../skeleton.ts'
import { drawHeatmaps, evenFrames, type HeatmapSpec, heatmapShape, type Square, squareOf } from '../transforms/index.ts'

/** px of a frame in the picture. */
export const CELL = 104
/** Most frames of a strip. */
export const COLUMNS = 12
const GAP = 6
/** Height of a strip with the numbers under its frames, in px. */
export const STRIP = CELL + 18

type StripOptions = {
  readonly skeleton: Skeleton
  /** Which view; null = the whole clip, shown around its joints. */
  readonly view: number | null
  /** Maps to draw under the joints; null = none. */
  readonly heatmaps: Omit<HeatmapSpec, 'skeleton' | 'patch'> | null
}

/**
 * Frames of a clip side by side, at most 12, evenly from its first to its last: limbs, joints (occluded ones pale) and, under each, its number in the view and
 * its index in the recording. Every frame is an `svg` whose coordinates are the clip's own.
 */
export function strip(clip: Clip, { skeleton, view, heatmaps }: StripOptions): Markup {
  const square = view === null ? squareOf(clip, 0.25) : null
  const maps = heatmaps === null || view === null ? null : mapsOf(clip, { ...heatmaps, skeleton, patch: null })
  return html`${evenFrames(clip.frames, Math.min(COLUMNS, clip.frames)).map((frame, column) => html`<g transform="translate(${column * (CELL + GAP)} 0)">
<rect width="${CELL}" height="${CELL}" class="cell"/><svg class="frame" data-view="${view ?? 'whole'}" data-frame="${frame}" width="${CELL}" height="${CELL}" viewBox="${box(clip, square)}">${
  maps === null ? raw('') : mapMarks(maps, frame, clip)}${figure(clip, frame, { skeleton, unit: unitOf(clip, square) })}</svg>
<text x="${CELL / 2}" y="${CELL + 12}" class="number">${frame}${Number(clip.time[frame]) === frame ? '' : ` · ${rounded(clip.time[frame]!)}`}</text></g>`)}`
}

/** The frame with a margin of a twentieth, or the square around the joints. */
function box({ width, height }: Clip, square: Square | null): string {
  if (square !== null) return [square.x, square.y, square.side, square.side].map(rounded).join(' ')
  const margin = Math.max(width, height) / 20
  return [-margin, -margin, width + 2 * margin, height + 2 * margin].map(rounded).join(' ')
}

/** A hundredth of what is shown: the measure of lines and dots. */
function unitOf({ width, height }: Clip, square: Square | null): number {
  return (square?.side ?? Math.max(width, height) * 1.1) / 100
}

function figure(clip: Clip, frame: number, { skeleton, unit }: { skeleton: Skeleton; unit: number }): Markup {
  const bodies = Array.from({ length: clip.persons }, (_, person) => (frame * clip.persons + person) * clip.joints)
  const at = (cell: number): readonly [number, number] => [clip.keypoints![cell * (clip.dims + 1)]!, clip.keypoints![cell * (clip.dims + 1) + 1]!]
  const isThere = (cell: number): boolean => clip.keypoints !== null && clip.states?.[cell] !== ABSENT && !Number.isNaN(at(cell)[0])
  const shade = (cells: readonly number[]): string => (cells.some((cell) => clip.states?.[cell] === OCCLUDED) ? ' pale' : '')
  const limbs = bodies.flatMap((body) => skeleton.edges.filter(([a, b]) => isThere(body + a) && isThere(body + b)).map(([a, b]) => {
    const [[x1, y1], [x2, y2]] = [at(body + a), at(body + b)]
    return html`<line class="${sideOf(skeleton, [a, b])}${shade([body + a, body + b])}" x1="${rounded(x1)}" y1="${rounded(y1)}" x2="${rounded(x2)}" y2="${rounded(y2)}" stroke-width="${rounded(1.6 * unit)}"/>`
  }))
  const joints = bodies.flatMap((body) => skeleton.joints.map((_, joint) => joint).filter((joint) => isThere(body + joint)).map((joint) => {
    const [x, y] = at(body + joint)
    return html`<circle class="${sideOf(skeleton, [joint])}${shade([body + joint])}" cx="${rounded(x)}" cy="${rounded(y)}" r="${rounded(1.8 * unit)}"/>`
  }))
  return html`${limbs}${joints}`
}

/** `left` or `right` when the joints lie on one side, or on one side and in the middle; else `trunk`. */
function sideOf({ joints }: Skeleton, cells: readonly number[]): string {
  const sides = new Set(cells.map((joint) => /^(left|right)/.exec(joints[joint]!)?.[0]).filter((side) => side !== undefined))
  return sides.size === 1 ? [...sides][0]! : 'trunk'
}

type Maps = { readonly data: Float32Array; readonly channels: number; readonly size: number }

function mapsOf(clip: Clip, spec: HeatmapSpec): Maps {
  const shape = heatmapShape(clip.frames, spec)
  const data = new Float32Array(shape.reduce((size, extent) => size * extent, 1))
  drawHeatmaps(clip, spec, data)
  return { data, channels: shape[1]!, size: spec.size }
}

/** The largest value of all channels per pixel, where it is seen at all. */
function mapMarks({ data, channels, size }: Maps, frame: number, { width, height }: Clip): Markup {
  const pixels = Array.from({ length: size * size }, (_, pixel) => {
    const value = Array.from({ length: channels }, (_, channel) => data[(frame * channels + channel) * size * size + pixel]!).reduce((most, one) => Math.max(most, one), 0)
    const [x, y] = [(pixel % size) * (width / size), Math.floor(pixel / size) * (height / size)]
    return value < 0.02 ? null : html`<rect x="${rounded(x)}" y="${rounded(y)}" width="${rounded(width / size)}" height="${rounded(height / size)}" fill-opacity="${rounded(value)}"/>`
  })
  return html`<g class="map">${pixels.filter((mark) => mark !== null)}</g>`
}

/** To hundredths, so that the same numbers are the same text everywhere. */
export function rounded(value: number): string {
  return String(Math.round(value * 100) / 100)
}
