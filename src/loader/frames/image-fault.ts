/** What is wrong with an image file itself, the same on every machine: nothing that a decoder, a memory or a disk may lack. */
export class ImageFault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ImageFault'
  }
}

/** What is wrong with the file; throws an error that is none of its. */
export function faultOf(error: unknown): string {
  if (error instanceof ImageFault) return error.message
  throw error
}
