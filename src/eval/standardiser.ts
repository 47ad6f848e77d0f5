import type { Tensor } from '../tensor.ts'

/** Takes from each feature its mean over `learnt` [N, d] and divides by its deviation there (0 counts as 1), as scikit-learn's StandardScaler. */
export function standardiser({ shape, data }: Tensor): (features: Tensor) => Tensor {
  const [rows, dims] = [shape[0]!, shape[1]!]
  const [means, squares] = [new Float64Array(dims), new Float64Array(dims)]
  for (const [at, value] of data.entries()) means[at % dims]! += value / rows
  for (const [at, value] of data.entries()) squares[at % dims]! += (value - means[at % dims]!) ** 2 / rows
  const deviations = squares.map((square) => Math.sqrt(square) || 1)
  return (features) => ({ shape: features.shape, data: features.data.map((value, at) => (value - means[at % dims]!) / deviations[at % dims]!) })
}
