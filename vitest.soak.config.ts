import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.soak.ts'], globalSetup: ['test/scratch.ts'], setupFiles: ['test/allclose.ts', 'test/equal-numbers.ts'], testTimeout: 3_600_000, hookTimeout: 3_600_000, maxWorkers: 2,
  },
})
