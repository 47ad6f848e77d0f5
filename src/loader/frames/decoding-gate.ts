import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads'

/**
 * A thread that is ended while it is inside libjpeg-turbo takes the whole process with it (2.3.0: "terminate called after throwing an instance of 'Napi::Error'"). So threads
 * pass a gate, and whoever ends them closes it first: [0] is 1 while it is closed, [1] counts the threads inside.
 */
const key = 'posetta decoding gate'
let gate: Int32Array | null | undefined

/** Makes the gate that all threads started from now on pass; also closed when the process exits. Whoever starts threads that may decode calls this first. */
export function openDecodingGate(): void {
  if (gateHere() !== null) return
  gate = new Int32Array(new SharedArrayBuffer(8))
  setEnvironmentData(key, gate)
  process.once('exit', close)
}

/** Does `work`, which may end threads, while none is inside. */
export async function withoutDecoding(work: () => Promise<void>): Promise<void> {
  close()
  try {
    await work()
  } finally {
    const here = gateHere()
    if (here !== null) {
      Atomics.store(here, 0, 0)
      Atomics.notify(here, 0)
    }
  }
}

/** Does `decode`, unless this thread is about to be ended: then it waits for that. */
export function throughGate<Result>(decode: () => Result): Result {
  const here = isMainThread ? null : gateHere()
  if (here === null) return decode()
  enter(here)
  try {
    return decode()
  } finally {
    Atomics.sub(here, 1, 1)
    Atomics.notify(here, 1)
  }
}

function enter(here: Int32Array): void {
  for (;;) {
    Atomics.add(here, 1, 1)
    if (Atomics.load(here, 0) === 0) return
    Atomics.sub(here, 1, 1)
    Atomics.notify(here, 1)
    Atomics.wait(here, 0, 1)
  }
}

/** Waits for the threads inside; for 2 s at most, as one may have died there of something else. */
function close(): void {
  const here = gateHere()
  if (here === null) return
  Atomics.store(here, 0, 1)
  for (let tries = 0; tries < 20; tries++) {
    const inside = Atomics.load(here, 1)
    if (inside === 0) return
    Atomics.wait(here, 1, inside, 100)
  }
}

function gateHere(): Int32Array | null {
  return gate ??= (getEnvironmentData(key) as Int32Array | undefined) ?? null
}
