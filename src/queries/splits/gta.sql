-- In:  clips.
-- Out: side, clip_id: the data set's own flag, for the 13 actions with phases.
-- Why: GTA trains and tests on all videos of these actions (its dataset_splits.py counts them so).
SELECT official_split AS side, id AS clip_id
FROM clips
WHERE dataset = $dataset AND official_split IS NOT NULL AND action NOT IN ('jump_rope', 'strum_guitar')
ORDER BY side, clip_id
