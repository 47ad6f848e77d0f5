import { type Disk, realDisk } from '../../src/store/disk.ts'

/** A disk whose n-th call fails with the code, and every later one too if `forever`; `calls` counts them. A write may leave half of its bytes behind. */
export function failingDisk(at: number, code: string, { forever = false } = {}): Disk & { readonly calls: () => number } {
  let calls = 0
  const fails = (): boolean => {
    calls++
    return forever ? calls > at : calls === at + 1
  }
  const failure = (): Error => Object.assign(new Error(`${code}: injected`), { code })
  const guard = <A extends unknown[], T>(work: (...args: A) => Promise<T>) => async (...args: A): Promise<T> => {
    if (fails()) throw failure()
    return work(...args)
  }
  return {
    calls: () => calls,
    mkdir: guard(realDisk.mkdir), readdir: guard(realDisk.readdir), readFile: guard(realDisk.readFile), rename: guard(realDisk.rename), rm: guard(realDisk.rm), rmdir: guard(realDisk.rmdir),
    open: guard(async (...args: Parameters<Disk['open']>) => {
      const handle = await realDisk.open(...args)
      return new Proxy(handle, {
        get(target, name: keyof typeof handle) {
          const member: unknown = target[name]
          if (typeof member !== 'function') return member
          if (!['sync', 'writeFile', 'writev', 'stat'].includes(String(name))) return member.bind(target)
          return async (...rest: unknown[]) => {
            if (!fails()) return member.apply(target, rest) as unknown
            if (name === 'writeFile') await target.writeFile(String(rest[0]).slice(0, 20))
            throw failure()
          }
        },
      })
    }) as Disk['open'],
    writtenBy: async (file, write) => {
      if (!fails()) return write()
      const handle = await realDisk.open(file, 'w')
      await handle.writeFile('PAR1')
      await handle.close()
      throw failure()
    },
  }
}
