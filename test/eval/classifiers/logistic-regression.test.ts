import { expect, test } from 'vitest'
import { fitLogisticRegression } from '../../../src/eval/classifiers/logistic-regression.ts'
import { classLabels, features } from '../features.ts'

// recorded from scikit-learn 1.9.1, LogisticRegression(C=1, tol=1e-12), by bench/peers/eval_reference.py
test('two classes: coefficients, intercept and labels of scikit-learn', () => {
  const model = fitLogisticRegression(features(90, 4), classLabels(90, 2))
  expect(model.coefficients).toBeAllclose([-0.18642989934634493, -0.07429860548064844, 0.22754480805717905, -0.11363927451811319], { atol: 2e-5 })
  expect(model.intercepts).toBeAllclose([0.10812320856485111], { atol: 2e-5 })
  expect([...model.predict(features(40, 4, 0.5))].join('')).toBe('1100001100011111101000011100111110110000')
})

test('three classes: coefficients, intercepts and labels of scikit-learn', () => {
  const model = fitLogisticRegression(features(90, 4), classLabels(90, 3))
  expect(model.coefficients).toBeAllclose([
    0.0742875918934607, 0.21212093344148353, 0.016774893022989887, 2.7654813390601116e-05, 0.03219054672544886, -0.16674372027496062,
    0.07243940266175491, -0.09503104881434585, -0.1064781386189092, -0.04537721316652323, -0.08921429568474491, 0.09500339400095538,
  ], { atol: 2e-5 })
  expect(model.intercepts).toBeAllclose([-0.06906454739947154, 0.028159753214182102, 0.04090479418528979], { atol: 2e-5 })
  expect([...model.predict(features(40, 4, 0.5))].join('')).toBe('0001211122201221120002111022112211000001')
})

test('names the one class it has seen', () => {
  expect([...fitLogisticRegression(features(3, 2), [4, 4, 4]).predict(features(2, 2))]).toEqual([4, 4])
})

test('is unmoved by a feature that never varies', () => {
  const still = { shape: [4, 2], data: Float32Array.of(0, 7, 1, 7, 2, 7, 3, 7) }
  expect([...fitLogisticRegression(still, [0, 0, 1, 1]).predict(still)]).toEqual([0, 0, 1, 1])
})
