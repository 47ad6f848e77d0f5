import type { Camera } from '../../camera.ts'
import type { Clip, ClipLabels } from '../../clip.ts'

/** What a clip has of no fixed size: few have any of it. */
export type ClipDetails = Pick<ClipLabels, 'sides' | 'phases' | 'segments'> & Pick<Clip, 'flags' | 'calibration'> & { readonly signals: readonly string[] | null }

const none: ClipDetails = { flags: [], sides: {}, phases: null, segments: [], calibration: null, signals: null }

/** As JSON, in it only what is there; the empty text = nothing is. */
export function detailsText({ flags, labels: { sides, phases, segments }, calibration, signals }: Clip): string {
  const details = {
    ...(flags.length > 0 && { flags }), ...(Object.keys(sides).length > 0 && { sides }), ...(phases !== null && { phases }), ...(segments.length > 0 && { segments }),
    ...(calibration !== null && { calibration: mapNumbers(calibration, toJson) }), ...(signals !== null && { signals: signals.names }),
  }
  return Object.keys(details).length === 0 ? '' : JSON.stringify(details)
}

/** The way back of `detailsText`, from its UTF-8. */
export function parseDetails(text: Uint8Array): ClipDetails {
  if (text.length === 0) return none
  const details = { ...none, ...JSON.parse(Buffer.from(text).toString('utf8')) as Partial<ClipDetails> }
  return details.calibration === null ? details : { ...details, calibration: mapNumbers(details.calibration, Number) }
}

/** JSON knows neither -0 nor what is not finite: they go as text, `"-0"`. */
function toJson(value: number): number | string {
  return Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value)
}

/** A camera, every number of it replaced; `unit` is none. */
function mapNumbers(camera: Camera, replace: (value: number) => unknown): Camera {
  const replaced = (value: unknown): unknown => (value === null ? null : Array.isArray(value) ? value.map(replaced) : replace(value as number))
  return Object.fromEntries(Object.entries(camera).map(([name, value]) => [name, name === 'unit' ? value : replaced(value)])) as Camera
}
