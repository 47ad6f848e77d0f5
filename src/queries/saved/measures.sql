-- In:  measures.
-- Out: run, metric, protocol, action, card, encoder, value, low, high, n: what every run was measured at, with its interval.
-- Why: runs side by side.
SELECT run, metric, protocol, action, card, encoder, value, low, high, n
FROM measures
ORDER BY metric, protocol, action, card, value DESC, run, encoder
