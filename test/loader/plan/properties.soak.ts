import { describeProperties } from './properties.ts'

describeProperties(process.env['POSETTA_SOAK'] === 'sample' ? 2000 : 20_000)
