import { type Random, randomAt } from '../../../random.ts'
import type { Place, Worker } from './ikea-motion.ts'
import { drawBody } from '../person.ts'

/** Who assembles what where, as the name of a scan says it. */
export type ScanSetting = {
  /** `0001_black_table_02_01_2019_08_16_14_00`: person, colour, place, scene, room, date and time. */
  readonly name: string
  /** `Lack_TV_Bench` */
  readonly folder: string
  readonly side: 'train' | 'test'
  readonly person: number
  readonly colour: 'white' | 'black' | 'oak'
  readonly place: Place
  readonly scene: number
  readonly room: number
}

const FOLDERS = ['Kallax_Shelf_Drawer', 'Lack_TV_Bench', 'Lack_Side_Table', 'Lack_Coffee_Table'] as const
/** Scenes are test or train as a whole: what the authors call the cross-environment split. */
const SCENES = { train: [1, 2, 6, 7, 9, 10, 11], test: [4, 5, 8] } as const
const ROOMS: Readonly<Record<number, number>> = { 1: 1, 2: 1, 4: 2, 5: 2, 6: 3, 7: 3, 8: 4, 9: 4, 10: 4, 11: 4 }
const PERSONS = 48
const SUFFIX = '_Allstar_Richard_Hartley'

/** The setting of a twin's scan by its number: four pieces of furniture in turn, a third of all to test on. `isAllstar`: the scan outside of the grammar. */
export function drawSetting(index: number, random: Random, { isAllstar }: { isAllstar: boolean }): ScanSetting {
  const round = Math.floor(index / FOLDERS.length)
  const side = (index + round) % 3 === 2 ? 'test' : 'train'
  const person = 1 + random.integer(PERSONS)
  const colour = random.chance(0.4) ? 'white' : random.chance(0.6) ? 'black' : 'oak'
  const place = random.chance(0.5) ? 'table' : 'floor'
  const drawn = SCENES[side][random.integer(SCENES[side].length)]!
  const scene = isAllstar ? 2 : drawn
  const minute = 9 * 60 + index
  const parts = [two(person, 4), colour, place, two(scene), two(ROOMS[scene]!), '2019', '08', two(12 + scene), two(Math.floor(minute / 60)), two(minute % 60)]
  const name = parts.join('_') + (isAllstar ? SUFFIX : '')
  return { name, folder: FOLDERS[index % FOLDERS.length]!, side, person, colour, place, scene, room: ROOMS[scene]! }
}

/** A person, the same in every scan. */
export function drawWorker(seed: number, person: number): Worker {
  const random = randomAt({ seed, clip: `ikea-asm/person ${person}`, transform: 'twin' })
  return { body: drawBody(random), height: random.between(155, 190) }
}

function two(value: number, digits = 2): string {
  return String(value).padStart(digits, '0')
}
