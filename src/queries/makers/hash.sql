-- In:  clips; bucket().
-- Out: side, clip_id: each group on the side of its bucket.
-- Why: a side is a function of salt and group alone, so that clips that are added never move others. Shares are met on average, not exactly.
SELECT CASE WHEN part < $train THEN 'train' WHEN part < $train + $validation THEN 'validation' ELSE 'test' END AS side, clip_id
FROM (SELECT id AS clip_id, bucket($salt, $group_key) % $total AS part FROM clips WHERE dataset = $dataset)
ORDER BY side, clip_id
