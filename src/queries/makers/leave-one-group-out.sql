-- In:  clips.
-- Out: side, clip_id: one group to test on, all others to train on.
-- Why: how well a model does on somebody, or somewhere, it has never seen. Clips that are added never move others.
SELECT CASE WHEN $group_key = $group THEN 'test' ELSE 'train' END AS side, id AS clip_id
FROM clips
WHERE dataset = $dataset
ORDER BY side, clip_id
