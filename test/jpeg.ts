import { createRequire } from 'node:module'

/** Does the optional dependency that decodes JPEG files load? Tests that need it say that they skipped. */
export const jpegHere: boolean = (() => {
  try {
    return createRequire(import.meta.url)('@julusian/jpeg-turbo') !== undefined
  } catch {
    return false
  }
})()
