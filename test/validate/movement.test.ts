import { describe, expect, test } from 'vitest'
import { ABSENT, OCCLUDED } from '../../src/clip.ts'
import { boneLengthJump } from '../../src/validate/checks/bone-length-jump.ts'
import { duplicateFrames } from '../../src/validate/checks/duplicate-frames.ts'
import { frozenJoint, staleHiddenJoint } from '../../src/validate/checks/frozen-joint.ts'
import { jointTeleport } from '../../src/validate/checks/joint-teleport.ts'
import { leftRightSwap } from '../../src/validate/checks/left-right-swap.ts'
import { scaleJump } from '../../src/validate/checks/scale-jump.ts'
import { stuckClip } from '../../src/validate/checks/stuck-clip.ts'
import { type Cell, flawsOf, placesOf, walk } from './walker.ts'

const movement = [boneLengthJump, duplicateFrames, frozenJoint, staleHiddenJoint, jointTeleport, leftRightSwap, scaleJump, stuckClip]

test.each(movement)('$code: a steady walk has none, slow or fast', (check) => {
  for (const speed of [0.5, 3, 30]) expect(flawsOf(check, walk(20, { speed }))).toEqual([])
})

test.each(movement)('$code: nothing is found where nothing is located', (check) => {
  expect(flawsOf(check, walk(20, { change: (cell) => { cell.state = ABSENT } }))).toEqual([])
})

describe('joint-teleport', () => {
  const away = (by: number) => walk(12, { change: (cell, frame, joint) => { if (frame === 5 && joint === 'left_foot') cell.y += by } })

  test('names joint and frame, and measures the way there beyond the way it went on', () => {
    // |(1, 20)| = 20.025 each way, less |(2, 0)|: 18.025 px of bones of 10 px
    expect(flawsOf(jointTeleport, away(20))).toEqual([{
      person: null, start: 5, end: 6, joints: ['left_foot'], value: expect.closeTo(1.8025, 4) as number, limit: 0.6,
      message: 'left_foot jumps 1.80 bone lengths away in frame 5 and back in the next' }])
  })

  test('less than 0.6 bone lengths is no teleport', () => {
    expect([7.5, 8.5].map((by) => flawsOf(jointTeleport, away(by)).length)).toEqual([0, 1])
  })

  test('joints that go together are one finding', () => {
    expect(placesOf(flawsOf(jointTeleport, walk(12, { change: (cell, frame) => { if (frame === 5) cell.x += 40 } })))).toEqual(['5-6 hip left_knee right_knee left_foot right_foot'])
  })

  test('what turns round at full speed comes and goes as fast', () => {
    const change = (cell: Cell, frame: number, joint: string): void => {
      if (joint === 'left_foot') cell.y += 8 * Math.abs(frame - 5)
    }
    expect(flawsOf(jointTeleport, walk(12, { speed: 0, change }))).toEqual([])
  })

  test('a joint that stays where it jumped to has moved', () => {
    expect(flawsOf(jointTeleport, walk(12, { change: (cell, frame) => { if (frame >= 5) cell.x += 40 } }))).toEqual([])
  })

  test('an absent neighbour gives no evidence', () => {
    const change = (cell: Cell, frame: number): void => {
      if (frame === 5) cell.x += 40
      if (frame === 6) cell.state = ABSENT
    }
    expect(flawsOf(jointTeleport, walk(12, { change }))).toEqual([])
  })
})

describe('bone-length-jump', () => {
  test('a foot that is 20 px too far away for three frames', () => {
    // ln(30 / 10) / 0.1 = 10.99 robust standard deviations, the least spread being 0.1
    const clip = walk(20, { change: (cell, frame, joint) => { if (joint === 'right_foot' && frame >= 8 && frame < 11) cell.y += 20 } })
    expect(flawsOf(boneLengthJump, clip)).toEqual([{
      person: null, start: 8, end: 11, joints: ['right_knee', 'right_foot'], value: expect.closeTo(10.99, 2) as number, limit: 3,
      message: 'the bone right_knee - right_foot is of odd length in frames 8 to 10: 11.0 robust standard deviations from its median' }])
  })

  test('bones that are odd in the same frames are one finding', () => {
    // the knee 30 px to the right: |(36, 8)| = 36.88 from the hip, |(30, 10)| = 31.62 from the foot; ln(3.688) / 0.1 = 13.05
    const clip = walk(20, { change: (cell, frame, joint) => { if (joint === 'right_knee' && frame === 8) cell.x += 30 } })
    expect(flawsOf(boneLengthJump, clip)).toEqual([{
      person: null, start: 8, end: 9, joints: ['hip', 'right_knee', 'right_foot'], value: expect.closeTo(13.05, 2) as number, limit: 3,
      message: '2 bones are of odd length in frame 8: 13.1 robust standard deviations from their median' }])
  })

  test('a bone that looks shorter in two dimensions points at the camera', () => {
    expect(flawsOf(boneLengthJump, walk(20, { change: (cell, frame, joint) => { if (joint === 'right_foot' && frame === 8) cell.y -= 9 } }))).toEqual([])
  })

  test('a bone that grows little by little is no jump', () => {
    expect(flawsOf(boneLengthJump, walk(40, { change: (cell, frame, joint) => { if (joint.endsWith('foot')) cell.y += Math.max(0, frame - 25) } }))).toEqual([])
  })

  test('a hidden end is a guess', () => {
    const change = (cell: Cell, frame: number, joint: string): void => {
      if (joint === 'right_foot' && frame === 8) Object.assign(cell, { y: cell.y + 20, state: OCCLUDED })
    }
    expect(flawsOf(boneLengthJump, walk(20, { change }))).toEqual([])
  })
})

describe('left-right-swap', () => {
  /** Twins are 12 px apart: exchanging them moves each of the two by 12 px. */
  const swapped = (frames: readonly number[], joints = ['knee', 'foot']) => walk(20, { speed: 0, change: (cell, frame, joint) => {
    if (frames.includes(frame) && joints.some((name) => joint.endsWith(name))) cell.x += joint.startsWith('left') ? 12 : -12
  } })

  test('all twins for three frames: 4 joints times 12 px saved at each seam', () => {
    expect(flawsOf(leftRightSwap, swapped([6, 7, 8]))).toEqual([{
      person: null, start: 6, end: 9, joints: ['left_knee', 'right_knee', 'left_foot', 'right_foot'], value: expect.closeTo(4.8, 5) as number, limit: 0.4,
      message: 'left and right change places in frames 6 to 8 (left_knee, right_knee, left_foot, right_foot): put back, they go 4.80 bone lengths less' }])
  })

  test('one pair of twins only', () => {
    expect(placesOf(flawsOf(leftRightSwap, swapped([6, 7, 8], ['foot'])))).toEqual(['6-9 left_foot right_foot'])
  })

  test('twins that are not both located in these frames are not named', () => {
    const change = (cell: Cell, frame: number, joint: string): void => {
      if (joint === 'right_knee' && frame >= 6 && frame < 9) cell.state = ABSENT
      if (joint.endsWith('foot') && frame >= 6 && frame < 9) cell.x += joint.startsWith('left') ? 12 : -12
    }
    expect(placesOf(flawsOf(leftRightSwap, walk(20, { speed: 0, change })))).toEqual(['6-9 left_foot right_foot'])
  })

  test('the fewer frames are the exchanged ones, also at the ends', () => {
    expect(placesOf(flawsOf(leftRightSwap, swapped([0, 1])))).toEqual(['0-2 left_knee right_knee left_foot right_foot'])
    expect(placesOf(flawsOf(leftRightSwap, swapped(Array.from({ length: 14 }, (_, at) => at + 3))))).toEqual(['0-3 left_knee right_knee left_foot right_foot', '17-20 left_knee right_knee left_foot right_foot'])
  })

  test('knees that pass one another with their feet: the bones object', () => {
    const change = (cell: Cell, frame: number, joint: string): void => {
      if (joint === 'right_foot') cell.x += 20
      if (frame >= 8 && joint !== 'hip') cell.x += joint.startsWith('left') ? 12 : -12
    }
    expect(flawsOf(leftRightSwap, walk(20, { speed: 0, change }))).toEqual([])
  })

  test('legs that cross step by step keep their sides', () => {
    const change = (cell: Cell, frame: number, joint: string): void => {
      if (joint === 'left_foot') cell.x = 50 + 6 * Math.cos(frame / 3)
      if (joint === 'right_foot') cell.x = 50 - 6 * Math.cos(frame / 3)
    }
    expect(flawsOf(leftRightSwap, walk(30, { change }))).toEqual([])
  })
})

describe('scale-jump', () => {
  const scaled = (factor: number) => walk(20, { change: (cell, frame) => {
    if (frame >= 10) Object.assign(cell, { x: cell.x * factor, y: cell.y * factor })
  } })

  test('measures the factor', () => {
    expect(flawsOf(scaleJump, scaled(1.5))).toEqual([{
      person: null, start: 10, end: 11, joints: [], value: expect.closeTo(1.5, 5) as number, limit: 1.15, message: 'the whole skeleton grows 1.50 times in frame 10' }])
    expect(flawsOf(scaleJump, scaled(0.5)).map(({ message }) => message)).toEqual(['the whole skeleton shrinks 2.00 times in frame 10'])
  })

  test('a tenth is no jump', () => {
    expect(flawsOf(scaleJump, scaled(1.1))).toEqual([])
  })

  test('one leg that grows is no skeleton that grows', () => {
    expect(flawsOf(scaleJump, walk(20, { change: (cell, frame, joint) => { if (frame >= 10 && joint === 'left_foot') cell.y += 30 } }))).toEqual([])
  })
})

describe('frozen-joint, stale-hidden-joint', () => {
  const stuck = (state: number) => walk(20, { speed: 2, change: (cell, frame, joint) => {
    if (joint === 'left_foot' && frame >= 5 && frame < 12) Object.assign(cell, { x: 44 + 2 * 5, state })
  } })

  test('a foot that stays for seven frames and then catches up 14 px', () => {
    expect(flawsOf(frozenJoint, stuck(0))).toEqual([{
      person: null, start: 5, end: 12, joints: ['left_foot'], value: expect.closeTo(1.4, 2) as number, limit: 0.25,
      message: 'left_foot stands still in frames 5 to 11 while the others move, beside a step of 1.40 bone lengths' }])
    expect(flawsOf(staleHiddenJoint, stuck(0))).toEqual([])
  })

  test('the same of a hidden foot is a matter of its own', () => {
    expect(flawsOf(frozenJoint, stuck(OCCLUDED))).toEqual([])
    expect(flawsOf(staleHiddenJoint, stuck(OCCLUDED)).map(({ message }) => message)).toEqual(['hidden left_foot stands still in frames 5 to 11 while the others move, beside a step of 1.40 bone lengths'])
  })

  test('a foot on the ground goes on from where it is', () => {
    const planted = (cell: Cell, frame: number, joint: string): void => {
      if (joint === 'left_foot') cell.x = 44 + 2 * (frame < 5 ? frame : frame < 12 ? 5 : frame - 6)
    }
    expect(flawsOf(frozenJoint, walk(20, { speed: 2, change: planted }))).toEqual([])
  })

  test('nobody moves: nothing is frozen', () => {
    expect(flawsOf(frozenJoint, walk(20, { speed: 0, change: (cell, frame) => { if (frame >= 12) cell.x += 14 } }))).toEqual([])
  })
})

describe('duplicate-frames, stuck-clip', () => {
  test('a frame that is taken twice in the middle of a movement', () => {
    const clip = walk(20, { change: (cell, frame) => { if (frame >= 7) cell.x -= 1 } })
    expect(flawsOf(duplicateFrames, clip)).toEqual([{
      person: null, start: 7, end: 8, joints: [], value: expect.closeTo(0.1, 5) as number, limit: 0.03,
      message: 'every joint is where it was in the frame before, bit for bit, in frame 7, between steps of 0.100 bone lengths' }])
  })

  test('a rest between slow steps is a rest', () => {
    expect(flawsOf(duplicateFrames, walk(20, { speed: 0.2, change: (cell, frame) => { if (frame >= 7) cell.x -= 0.2 } }))).toEqual([])
  })

  test('nothing moves from the first frame to the last', () => {
    expect(flawsOf(stuckClip, walk(10, { speed: 0 })).map(({ message }) => message)).toEqual(['all 10 frames have the same coordinates, bit for bit'])
    expect(flawsOf(stuckClip, walk(9, { speed: 0 }))).toEqual([])
    expect(flawsOf(duplicateFrames, walk(10, { speed: 0 }))).toEqual([])
  })
})

test('persons are told apart by their number', () => {
  const [one, two] = [walk(12), walk(12, { change: (cell, frame, joint) => { if (frame === 5 && joint === 'hip') cell.y += 30 } })]
  const rows = <T extends Float32Array | Uint8Array>(a: T, b: T, size: number): number[] =>
    Array.from({ length: 12 }, (_, frame) => [...a.subarray(frame * size, (frame + 1) * size), ...b.subarray(frame * size, (frame + 1) * size)]).flat()
  const both = { ...one, persons: 2, keypoints: Float32Array.from(rows(one.keypoints!, two.keypoints!, 15)), states: Uint8Array.from(rows(one.states!, two.states!, 5)) }
  expect(flawsOf(jointTeleport, both).map(({ person, joints }) => [person, joints])).toEqual([[1, ['hip']]])
})

test('three dimensions: a bone that is too short is as odd as one that is too long', () => {
  const flat = walk(20, { change: (cell, frame, joint) => { if (joint === 'right_foot' && frame === 8) cell.y -= 8 } })
  const keypoints = Float32Array.from({ length: 20 * 5 * 4 }, (_, at) => (at % 4 === 2 ? 3 : flat.keypoints![Math.floor(at / 4) * 3 + (at % 4 === 3 ? 2 : at % 4)]!))
  // ln(10 / 2) / 0.1 = 16.09
  expect(flawsOf(boneLengthJump, { ...flat, dims: 3, unit: 'm', keypoints }).map(({ start, end, joints, value }) => [start, end, joints, value])).toEqual([
    [8, 9, ['right_knee', 'right_foot'], expect.closeTo(16.09, 2)]])
})
