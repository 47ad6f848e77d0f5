#!/usr/bin/env node
import { hearBrokenOutput } from '../dist/cli/broken-output.js'
import { main } from '../dist/cli/main.js'

hearBrokenOutput()
await main(process.argv.slice(2), import.meta.url)
