/** Two segments of a limb in degrees: the upper's flexion (0 hangs, 90 forward, 180 up) and abduction (90 sideways), then the lower's. In the torso's or the pelvis's frame. */
export type Limb = readonly [upperFlex: number, upperAbduct: number, lowerFlex: number, lowerAbduct: number]

/** A pose of the body, angles in degrees: `lean` of the torso forward, `twist` of the torso to the left, `pitch` of everything forward. */
export type Pose = {
  readonly lean: number
  readonly twist: number
  readonly pitch: number
  readonly leftArm: Limb
  readonly rightArm: Limb
  readonly leftLeg: Limb
  readonly rightLeg: Limb
}

/** One action as it is played: `keys[k]` is the pose in which phase k begins, the last one ends the last phase; `seconds[k]` is what phase k takes at rest. */
export type Performance = {
  readonly keys: readonly Pose[]
  readonly seconds: readonly number[]
  /** What stays where it is: the feet on the floor, or the hands on a bar. */
  readonly anchor: 'feet' | 'hands'
}

const standing: Limb = [0, 3, 0, 3]
const rack: Limb = [70, 15, 165, 10]
const overhead: Limb = [172, 12, 175, 8]
const barBehindNeck: Limb = [-15, 40, 150, 15]

/** The actions of a Penn Action twin by the data set's names. Phases are TCC's, their poses are made up. */
export const performances: Readonly<Record<string, Performance>> = {
  clean_and_jerk: {
    anchor: 'feet',
    seconds: [0.8, 0.6, 0.8, 0.7, 0.4, 0.9],
    keys: [
      pose({ lean: 75, arms: [75, 15, 75, 15], legs: [70, 12, -25, 8] }),
      pose({ lean: 15, arms: [15, 15, 15, 15], legs: [15, 8, -10, 6] }),
      pose({ lean: 15, arms: rack, legs: [110, 18, -35, 10] }),
      pose({ lean: 3, arms: rack, legs: standing }),
      pose({ lean: 5, arms: rack, legs: [32, 8, -26, 6] }),
      pose({ arms: overhead, leftLeg: [38, 5, -5, 5], rightLeg: [-25, 5, -42, 5] }),
      pose({ arms: overhead, legs: standing }),
    ],
  },
  jumping_jacks: {
    anchor: 'feet',
    seconds: [0.28, 0.28, 0.28, 0.28],
    keys: [
      pose({ arms: [0, 10, 0, 8], legs: standing }),
      pose({ arms: [0, 88, 0, 92], legs: [0, 16, 0, 16] }),
      pose({ arms: [0, 165, 0, 176], legs: [0, 28, 0, 28] }),
      pose({ arms: [0, 90, 0, 90], legs: [0, 16, 0, 16] }),
      pose({ arms: [0, 10, 0, 8], legs: standing }),
    ],
  },
  pullup: {
    anchor: 'hands',
    seconds: [1.1, 1.1],
    keys: [
      pose({ arms: [172, 18, 175, 12], legs: [4, 3, -12, 3] }),
      pose({ lean: -8, arms: [40, 55, 165, 12], legs: [12, 3, -30, 3] }),
      pose({ arms: [172, 18, 175, 12], legs: [4, 3, -12, 3] }),
    ],
  },
  pushup: {
    anchor: 'feet',
    seconds: [0.8, 0.8],
    keys: [
      pose({ pitch: 70, arms: [88, 8, 88, 8], legs: standing }),
      pose({ pitch: 86, arms: [15, 50, 95, 10], legs: standing }),
      pose({ pitch: 70, arms: [88, 8, 88, 8], legs: standing }),
    ],
  },
  squat: {
    anchor: 'feet',
    seconds: [0.9, 0.4, 0.4, 0.9],
    keys: [
      pose({ lean: 5, arms: barBehindNeck, legs: [3, 8, -2, 6] }),
      pose({ lean: 38, arms: barBehindNeck, legs: [88, 18, -24, 10] }),
      pose({ lean: 42, arms: barBehindNeck, legs: [118, 22, -36, 12] }),
      pose({ lean: 46, arms: barBehindNeck, legs: [88, 18, -22, 10] }),
      pose({ lean: 5, arms: barBehindNeck, legs: [3, 8, -2, 6] }),
    ],
  },
  tennis_serve: {
    anchor: 'feet',
    seconds: [0.7, 0.6, 0.35, 0.4],
    keys: [
      pose({ lean: 12, leftArm: [40, 8, 60, 0], rightArm: [20, 20, 60, 0], legs: [5, 8, -4, 8] }),
      pose({ twist: -30, leftArm: [150, 15, 160, 5], rightArm: [-30, 60, 20, 60], legs: [20, 8, -22, 6] }),
      pose({ lean: -12, twist: -35, leftArm: [105, 20, 100, 10], rightArm: [20, 100, 120, 60], legs: [34, 8, -36, 6] }),
      pose({ lean: 10, twist: 15, leftArm: [35, 20, 60, 5], rightArm: [165, 20, 172, 10], legs: [0, 8, -4, 8] }),
      pose({ lean: 34, twist: 40, leftArm: [15, 25, 50, 10], rightArm: [45, -15, 30, -30], leftLeg: [25, 5, -5, 5], rightLeg: [-15, 5, -50, 5] }),
    ],
  },
}

/** Both sides the same unless said otherwise. */
function pose({ arms = standing, legs = standing, ...rest }: Partial<Pose> & { arms?: Limb; legs?: Limb }): Pose {
  return { lean: 0, twist: 0, pitch: 0, leftArm: arms, rightArm: arms, leftLeg: legs, rightLeg: legs, ...rest }
}
