export { openTrainingShards, type ShardRequest, type TrainingShards } from './open-training-shards.ts'
export type { OpenedShards } from './opened.ts'
export { sourceOf } from './shard-source.ts'
