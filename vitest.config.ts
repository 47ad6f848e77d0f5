import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'], globalSetup: ['test/scratch.ts'], setupFiles: ['test/allclose.ts', 'test/equal-numbers.ts'], testTimeout: 180_000, hookTimeout: 240_000, maxWorkers: 2, isolate: false,
  },
})
