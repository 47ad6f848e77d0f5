/** What the name of a scan says: `0001_black_table_02_01_2019_08_16_14_00` is person, colour, place, scene, room, date and time. */
export type ScanName = {
  readonly person: string
  /** Of the calibration: which cameras stood where. */
  readonly scene: string
  /** One published name has a suffix behind the time. */
  readonly hasSuffix: boolean
}

const grammar = /^(\d{4})_(?:white|black|oak)_(?:floor|table)_(\d\d)_\d\d_\d{4}_\d\d_\d\d_\d\d_\d\d(_.+)?$/

/** Takes a scan's name apart as IKEA ASM's split_data_train_test_v2.py does; null = it is no such name, like `special_test`. */
export function readScanName(name: string): ScanName | null {
  const [, person, scene, suffix] = grammar.exec(name) ?? []
  return person === undefined || scene === undefined ? null : { person, scene, hasSuffix: suffix !== undefined }
}
