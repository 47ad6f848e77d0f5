/**
 * Ends the process at once by a signal, as if nobody listened to it: 130 (SIGINT) or 143 (SIGTERM) to a shell, `signal` to whoever started it. `process.exit` ends threads first: it waits
 * for one that is in native code, and ONNX Runtime's binding then aborts the process (1.30: "terminate called after throwing an instance of 'Napi::Error'", 134).
 */
export function endBySignal(signal: 'SIGINT' | 'SIGTERM'): never {
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
  // the first process of a container has nobody who ends it
  process.exit(signal === 'SIGINT' ? 130 : 143)
}
