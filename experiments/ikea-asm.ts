/**
 * Table (h), assembly: how a leg is screwed on, a panel or a pin put in, aligned over assemblies of IKEA ASM seen by the camera dev3; joints in 2D and in 3D. From nothing: a STORE without ikea-asm gets its twin,
 * whose steps are exact. A store with the real labels and any poses of dev3 in COCO's order makes the same tables under the names ikea-asm-2d and ikea-asm-3d; the annotations alone hold no poses, and the
 * script says so. The same command goes on after a kill:
 * node --input-type=module -e "await (await import('vite')).runnerImport('./experiments/ikea-asm.ts')" STORE RUNS [--kinds 2d] [--seeds 0,1,2]
 */
import { routineTables } from './table/routine-tables.ts'

await routineTables({
  dataset: 'ikea-asm', title: 'IKEA ASM', recordings: 180, camera: 'dev3', sources: ['keypoint-rcnn-ft-all', 'pose3d'], track: 'action', background: ['NA'],
  routines: [
    { name: 'leg', steps: ['pick up leg', 'align leg screw with table thread', 'spin leg'] },
    { name: 'shelf', steps: ['pick up shelf', 'attach shelf to table'] },
    { name: 'side panel', steps: ['pick up side panel', 'align side panel holes with front panel dowels', 'attach drawer side panel'] },
    { name: 'back panel', steps: ['pick up back panel', 'attach drawer back panel'] },
    { name: 'bottom panel', steps: ['pick up bottom panel', 'slide bottom of drawer'] },
    { name: 'pin', steps: ['pick up pin', 'insert drawer pin'] },
  ],
  split: 'official', settings: ['frames=48', 'epochs=30'],
  hint: 'poses are a download of their own (pose_annotations/<furniture>/<scan>/dev3/predictions/pose2d/... and pose3d, https://ikeaasm.github.io/); put it, or your own in that layout, beside the annotations and run posetta ingest ikea-asm DIR again',
}, 'ikea-asm.ts', process.argv.slice(1))
