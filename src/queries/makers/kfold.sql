-- In:  clips; bucket().
-- Out: side, clip_id: the groups of one fold to test on, those of the others to train on.
-- Why: groups in order of their buckets are dealt out in turn, so that folds differ by one group at most and each group is tested once. A group that is added may move others.
SELECT CASE WHEN (dense_rank() OVER (ORDER BY bucket($salt, group_key), group_key) - 1) % $k = $fold - 1 THEN 'test' ELSE 'train' END AS side, id AS clip_id
FROM (SELECT id, $group_key AS group_key FROM clips WHERE dataset = $dataset)
ORDER BY side, clip_id
