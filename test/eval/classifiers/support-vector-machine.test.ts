import { expect, test } from 'vitest'
import { fitSupportVectorMachine } from '../../../src/eval/classifiers/support-vector-machine.ts'
import { classLabels, features } from '../features.ts'

// recorded from scikit-learn 1.9.1, SVC(C=1, gamma='scale', decision_function_shape='ovo', tol=1e-9), by bench/peers/eval_reference.py
test('two classes: kernel width, support, duals, decisions and labels of scikit-learn', () => {
  const model = fitSupportVectorMachine(features(90, 4), classLabels(90, 2), { tolerance: 1e-7 })
  expect(model.gamma).toBeAllclose(0.45988950954306385, { rtol: 1e-7 })
  expect(model.machines[0]!.support.length).toBe(84)
  expect(model.machines[0]!.duals.reduce((sum, dual) => sum + Math.abs(dual), 0)).toBeAllclose(79.8653938979586, { rtol: 1e-5 })
  // for two classes scikit-learn turns the sign round: positive decisions mean the second class
  expect(model.decide(features(40, 4, 0.5)).slice(0, 5).map((value) => -value)).toBeAllclose([0.2880298173363295, -0.6462651795540807, -0.028771159493335335,
    0.8813046415190184, -0.861595167242851], { atol: 1e-5 })
  expect([...model.predict(features(40, 4, 0.5))].join('')).toBe('1001001110011100100010011100111100111100')
})

test('three classes: one machine per pair, votes and labels of scikit-learn', () => {
  const model = fitSupportVectorMachine(features(90, 4), classLabels(90, 3), { tolerance: 1e-7 })
  expect(model.machines.map(({ bias }) => bias)).toBeAllclose([-0.04266835744021812, -0.08461365420241936, 0.1354870453778597], { atol: 1e-5 })
  expect(model.decide(features(40, 4, 0.5)).slice(0, 15)).toBeAllclose([
    0.7285720548356679, 0.27710783730890237, -0.25844659600310027, 0.9287528203161087, 0.9700385042326001, 0.08998122481554889, -0.4399221877849937,
    0.07342544814347467, 0.8147961905069194,
    -0.8879174626107146, -0.685498361379283, 0.6335358029771583, 0.34809967644205203, 0.3113641942134055, 0.3769530112329549,
  ], { atol: 1e-5 })
  expect([...model.predict(features(40, 4, 0.5))].join('')).toBe('0011001110010122100010011100011122001100')
})

test('refuses more training frames than its kernel can hold', () => {
  const many = { shape: [20_001, 1], data: new Float32Array(20_001) }
  expect(() => fitSupportVectorMachine(many, new Uint8Array(20_001))).toThrow('a support vector machine of 20001 training frames; the most is 20000')
})
