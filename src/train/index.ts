export { type Best, type Checkpoint, readCheckpoint, readWeights, writeCheckpoint } from './checkpoint.ts'
export { rateAt } from './learning-rate.ts'
export {
  carl, type CarlOptions, gta, type GtaOptions, gtcc, type GtccOptions, lav, type LavOptions, type Loss, matchAndRegress, type MatchAndRegressOptions,
  shuffleAndLearn, type ShuffleAndLearnOptions, softMatch, type SoftMatchOptions, tcc, type TccOptions, tcn, type TcnOptions, vaot, type VaotOptions, vava, type VavaOptions, weightedSum,
} from './losses/index.ts'
export { nameMap } from './name-map.ts'
export { removeDraftsIn, replaceFile } from './replace-file.ts'
export { createRun, type DamagedRun, isGiven, listRuns, readRun, removeRun, runFile, runFiles, type RunRecord, writeRun } from './run.ts'
export { batchFeeds, freshStart, type OnEpoch, type Step, toldFeeds, type Took, train, type Trained, type TrainOptions } from './train.ts'
