import { elementwise } from './binary.ts'
import { emitNumber } from './boolean.ts'

/** 1 where a > b, else 0. Of comparisons no derivative flows, and none but notEqual holds with NaN. */
export const greater = comparison('greater', 'Greater', (a, b) => a > b)

/** 1 where a >= b, else 0. */
export const greaterOrEqual = comparison('greaterOrEqual', 'GreaterOrEqual', (a, b) => a >= b)

/** 1 where a < b, else 0. */
export const less = comparison('less', 'Less', (a, b) => a < b)

/** 1 where a <= b, else 0. */
export const lessOrEqual = comparison('lessOrEqual', 'LessOrEqual', (a, b) => a <= b)

/** 1 where a = b, else 0. */
export const equal = comparison('equal', 'Equal', (a, b) => a === b)

/** 1 where a differs from b, else 0. */
export const notEqual = comparison('notEqual', 'Equal', (a, b) => a === b, true)

function comparison(name: string, onnx: string, holds: (a: number, b: number) => boolean, negated = false) {
  return elementwise({
    name, value: (a, b) => Number(holds(a, b) !== negated),
    onnx: (inputs, output, emitter) => {
      const [truth, opposite] = [emitter.fresh(), emitter.fresh()]
      emitter.node(onnx, inputs, [truth])
      if (negated) emitter.node('Not', [truth], [opposite])
      emitNumber(negated ? opposite : truth, output, emitter)
    },
    gradient: () => [null, null],
  })
}
