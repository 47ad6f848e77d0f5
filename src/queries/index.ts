export { type Leak, listProtocols, makeSplit, type MadeSplit } from './split.ts'
export { type Answer, type JsonValue, queryToParquet, runQuery } from './run-query.ts'
export { type QueryPlace, withSession } from './session.ts'
