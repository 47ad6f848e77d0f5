import { ImageFault } from './image-fault.ts'
import type { Size } from './warp.ts'

/**
 * The size that the frame header of a JPEG gives, before the first scan: ITU-T T.81, annex B. Known before it is decoded, for the decoder multiplies what a damaged header says
 * in 32 bits and believes the product. Throws an ImageFault for a file without one.
 */
export function jpegSize(file: Uint8Array): Size {
  const at = frameHeader(file)
  return { width: (file[at + 7]! << 8) | file[at + 8]!, height: (file[at + 5]! << 8) | file[at + 6]! }
}

/** How many colours a JPEG has, and of how many bits each: 1 is grey, 3 a picture as any other, 4 made for print. */
export function jpegColours(file: Uint8Array): { readonly colours: number; readonly bits: number } {
  const at = frameHeader(file)
  return { colours: file[at + 9]!, bits: file[at + 4]! }
}

/** Where the frame header begins. */
function frameHeader(file: Uint8Array): number {
  if (file[0] !== 0xff || file[1] !== 0xd8) throw new ImageFault('it is no JPEG')
  for (let at = 2; at + 10 <= file.length;) {
    if (file[at] !== 0xff) throw new ImageFault(`no segment begins at byte ${at}`)
    const marker = file[at + 1]!
    if (marker === 0xff) {
      at += 1
    } else if (isFrame(marker)) {
      return at
    } else if (marker === 0xda) {
      break
    } else {
      at += standsAlone(marker) ? 2 : 2 + ((file[at + 2]! << 8) | file[at + 3]!)
    }
  }
  throw new ImageFault('no frame header comes before its picture')
}

/** SOF0 to SOF15; DHT, JPG and DAC lie among them. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

/** TEM and the restart markers have no data. */
function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)
}
